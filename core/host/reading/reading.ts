/** One question being answered: what it may be stopped by, and what is kept open between one and the next. */
import type { Follower } from '../../runs/follower.ts';
import type { Answer, Questions, ReadingName } from './queries.ts';
import type { ReaderCaches } from './reader-caches.ts';

export interface Reading {
  /** The asker may be gone. */
  readonly follower: Follower;
  readonly caches: ReaderCaches;
}

export type Readings = {
  readonly [N in ReadingName]: (question: Questions[N], reading: Reading) => Promise<Answer<N>>;
};
