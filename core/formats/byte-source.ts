/**
 * Bytes that can be read anywhere, wherever they are: a file, memory, a dropped blob. Readers see nothing else, so
 * a file larger than memory is opened like any other. Not here: files themselves (runs/file-source.ts).
 */

export interface ByteSource {
  /** For the error sentences. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Exactly the bytes that exist of the range asked for: fewer than `length` only at the end. Not to be written to. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export const memorySource = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
});
