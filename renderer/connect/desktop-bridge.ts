/** What `electron/preload.ts` puts into the page, and how it answers; the one thing that both sides of it know. */
import type { FileEntry } from '../../core/host/contract.ts';

export interface DesktopBridge {
  /** Asks for a way to the host: the page gets a message `ergodic:port` with the port. */
  connect(): Promise<Answer<null>>;
  /** Files that a person dropped; what a page has made up is refused. */
  handOver(files: readonly File[]): Promise<Answer<readonly FileEntry[]>>;
  openDialog(kind: DialogKind): Promise<Answer<readonly FileEntry[]>>;
  /** False where the person thought better of it. */
  saveCopy(file: string): Promise<Answer<boolean>>;
  reveal(file: string): Promise<Answer<null>>;
  onCommand(listener: (command: string) => void): () => void;
}

export type DialogKind = 'files' | 'folder' | 'project';

/** Electron wraps what is thrown across a bridge into words of its own; a sentence travels as a value. */
export type Answer<R> = { readonly result: R } | { readonly error: string };

/** The message with which the page gets its port. */
export const PORT_MESSAGE = 'ergodic:port';
