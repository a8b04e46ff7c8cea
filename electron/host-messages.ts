/** What the main process and the host's process say to each other. Windows talk to the host through ports of their own. */
import type { FileEntry } from '../core/host/contract.ts';
import type { HostOptions } from '../core/host/host-services.ts';

export type ToHost =
  | { readonly kind: 'open'; readonly options: HostOptions }
  /** A window: its port comes along. */
  | { readonly kind: 'window' }
  | { readonly kind: 'grant'; readonly id: number; readonly paths: readonly string[] }
  | { readonly kind: 'path'; readonly id: number; readonly file: string }
  /** The machine goes to sleep, and is back. */
  | { readonly kind: 'sleep' }
  | { readonly kind: 'wake' }
  /** A way to the GPU: its port comes along, unless there is none to be had. */
  | { readonly kind: 'gpu'; readonly id: number }
  | { readonly kind: 'close' };

export type FromHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'granted'; readonly id: number; readonly files: readonly FileEntry[] }
  | { readonly kind: 'path'; readonly id: number; readonly path: string }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string }
  | { readonly kind: 'gpu'; readonly id: number }
  /** Whether jobs are at work, whenever that changes. */
  | { readonly kind: 'busy'; readonly busy: boolean };
