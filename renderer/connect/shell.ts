/**
 * What the window asks of the shell that shows it: a way to the host, and everything about files that only a desktop
 * or a browser can do. Two shells, one interface. Failures are rejections with a sentence for a person.
 * Not here: requests to the host, which go through the channel.
 */
import type { Channel, FileEntry } from '../../core/host/contract.ts';
import type { DialogKind } from './desktop-bridge.ts';
import type { ShellCommand } from './shell-command.ts';

export interface HandOverProgress {
  /** Of the file that is on its way. */
  readonly name: string;
  /** Bytes of all files. */
  readonly sent: number;
  readonly total: number;
}

export interface HandOverOptions {
  readonly onProgress?: (progress: HandOverProgress) => void;
  readonly signal?: AbortSignal;
}

export interface Shell {
  readonly kind: 'desktop' | 'browser';
  /** What only some shells can do. */
  readonly can: {
    /** `openDialog` for folders and projects. */
    readonly chooseFolders: boolean;
    readonly reveal: boolean;
  };
  /** A channel that is open; to be called again when one was lost. */
  connect(): Promise<Channel>;
  /** Files that a person dropped. */
  handOver(files: Iterable<File>, options?: HandOverOptions): Promise<FileEntry[]>;
  /** Empty where the person thought better of it. */
  openDialog(kind: DialogKind, options?: HandOverOptions): Promise<FileEntry[]>;
  /** Projects that the shell was told of when it was started. */
  projects(): Promise<FileEntry[]>;
  /** To where the person keeps downloads, or wherever a dialog says; false where the person thought better of it. */
  fetchExport(file: FileEntry): Promise<boolean>;
  /** Shows a file in the file manager. */
  reveal(file: FileEntry): Promise<void>;
  /** Commands of the desktop's menus; returns how to stop listening. */
  onCommand(listener: (command: ShellCommand) => void): () => void;
}
