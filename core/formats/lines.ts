/**
 * The lines of a text of any size: read in blocks, handed out one by one as ranges of bytes, with their number and
 * their offset in the file. Memory stays flat however large the file or a line of it is: of a line longer than
 * `LONGEST_LINE` only the beginning is handed out. Lines end with LF or CR LF. Not here: what a line means, and
 * numbers and names in it (byte-text.ts).
 */
import type { ByteSource } from './byte-source.ts';

/** Bytes. No format here has lines of more than a few hundred; CIF allows 2048. */
export const LONGEST_LINE = 1 << 20;
const BLOCK = 1 << 20;

/** One object for all lines: a caller copies what it keeps. */
export interface Line {
  readonly bytes: Uint8Array;
  /** The line is `bytes` from here … */
  readonly start: number;
  /** … to before here, without its line break. */
  readonly end: number;
  /** Of its first byte in the file. */
  readonly offset: number;
  /** Of the first byte after it and its line break. */
  readonly next: number;
  /** From 1. */
  readonly number: number;
  /** False for a last line without a line break. */
  readonly ended: boolean;
  /** True where only its beginning is here. */
  readonly cut: boolean;
}

export interface ScanOptions {
  /** Byte at which a line begins; 0 unless given. */
  readonly from?: number;
  /** Byte before which to stop; the end of the file unless given. */
  readonly to?: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file behind us. */
  readonly progress?: ((bytes: number) => void) | undefined;
}

/** Calls `visit` for each line until it returns false; lines are counted from `from`. */
export async function scanLines(
  source: ByteSource,
  visit: (line: Line) => boolean | undefined,
  { from = 0, to = source.size, signal, progress }: ScanOptions = {},
): Promise<void> {
  const line: { -readonly [K in keyof Line]: Line[K] } = {
    bytes: new Uint8Array(),
    start: 0,
    end: 0,
    offset: from,
    next: from,
    number: 0,
    ended: true,
    cut: false,
  };
  const begun = new UnfinishedLine();
  let position = from;
  while (position < to) {
    signal?.throwIfAborted();
    const bytes = await source.read(position, Math.min(BLOCK, to - position));
    if (bytes.length === 0) break;
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      line.cut = false;
      if (begun.isEmpty) {
        line.bytes = bytes;
        line.start = start;
        line.end = end;
      } else {
        begun.append(bytes, start, end);
        begun.moveTo(line);
      }
      if (line.end - line.start > LONGEST_LINE) {
        line.end = line.start + LONGEST_LINE;
        line.cut = true;
      }
      if (!line.cut && line.end > line.start && line.bytes[line.end - 1] === 13) line.end--;
      start = end + 1;
      line.offset = line.next;
      line.next = position + start;
      line.number++;
      if (visit(line) === false) return;
    }
    begun.append(bytes, start, bytes.length);
    position += bytes.length;
    progress?.(position);
  }
  if (begun.isEmpty) return;
  begun.moveTo(line);
  line.offset = line.next;
  line.next = position;
  line.number++;
  line.ended = false;
  visit(line);
}

/** The beginning of a line whose end is in a block to come. */
class UnfinishedLine {
  #bytes = new Uint8Array(256);
  #length = 0;
  #seen = 0;

  get isEmpty(): boolean {
    return this.#seen === 0;
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    const kept = Math.min(end - start, LONGEST_LINE - this.#length);
    if (this.#length + kept > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + kept));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(start, start + kept), this.#length);
    this.#length += kept;
    this.#seen += end - start;
  }

  moveTo(line: { bytes: Uint8Array; start: number; end: number; cut: boolean }): void {
    line.bytes = this.#bytes;
    line.start = 0;
    line.end = this.#length;
    line.cut = this.#seen > this.#length;
    this.#length = 0;
    this.#seen = 0;
  }
}
