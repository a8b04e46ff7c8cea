/** What is said between the reader and its threads. */
import type { TaskProgress } from '../contract.ts';
import type { ReadingName } from './queries.ts';

/** To the thread: a question, or that its answer is wanted no more. */
export type ToReader =
  | { readonly kind: 'ask'; readonly id: number; readonly name: ReadingName; readonly question: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromReader =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly sentence: string }
  /** What is being done for it, as far as it takes a while. */
  | { readonly kind: 'progress'; readonly id: number; readonly tasks: readonly TaskProgress[] }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'defect'; readonly id: number; readonly message: string; readonly stack: string };

export const OUT_OF_MEMORY =
  'There was not enough memory to read this: use fewer frames (a larger stride) or fewer beads.';
