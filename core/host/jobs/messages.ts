/** What the host and the thread of a job say to each other. Plain data: it is copied on its way. */
import type { MessagePort } from 'node:worker_threads';
import type { Specification } from '../../specification/settings.ts';
import type { Residual, StreamKind, TaskProgress, TrainingPoint } from '../contract.ts';
import type { CheckedExport } from '../exporting/checked-export.ts';

/** What is to be done, said completely: the thread asks nobody. */
export type Order =
  /** A run: from its specification where its folder does not exist yet, otherwise what is not done in it. */
  | { readonly kind: 'run' | 'train'; readonly specification?: Specification | undefined }
  | { readonly kind: 'sample' | 'simulate'; readonly settings: Readonly<Record<string, unknown>> }
  | { readonly kind: 'evaluate' }
  | { readonly kind: 'export'; readonly what: CheckedExport; readonly into: string };

/** What the thread begins with. */
export interface JobStart {
  readonly order: Order;
  /** Of the run. */
  readonly folder: string;
  /** Of the project. */
  readonly project: string;
  /** Of the product. */
  readonly version: string;
  /** Instead of the run's own. */
  readonly engine?: 'wasm' | undefined;
  /** Whether GPUs are lent here. */
  readonly lendsGpus?: boolean;
}

export type ToJob =
  /** At the next checkpoint. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'watch'; readonly stream: string; readonly of: StreamKind; readonly replica: number }
  | { readonly kind: 'credit'; readonly stream: string; readonly frames: number }
  | { readonly kind: 'unwatch'; readonly stream: string };

export type FromJob =
  | { readonly kind: 'tasks'; readonly tasks: TaskProgress[] }
  | { readonly kind: 'said'; readonly line: string }
  /** The run's folder holds something new. */
  | { readonly kind: 'stored' }
  | { readonly kind: 'points'; readonly points: TrainingPoint[] }
  | { readonly kind: 'residual'; readonly residual: Residual }
  /** It asks for a GPU, at the other end of this way. */
  | { readonly kind: 'gpu'; readonly port: MessagePort }
  | { readonly kind: 'frames'; readonly stream: string; readonly frames: readonly unknown[]; readonly seconds: number }
  | Outcome;

export type Outcome =
  | { readonly kind: 'done'; readonly files: readonly string[] }
  /** As it was asked to. */
  | { readonly kind: 'stopped' }
  /** `lacksDevice`: another engine would go on. */
  | { readonly kind: 'failed'; readonly sentence: string; readonly lacksDevice?: boolean }
  | { readonly kind: 'defect'; readonly stack: string };
