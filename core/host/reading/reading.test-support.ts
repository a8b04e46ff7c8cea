/** For tests only: questions answered without a thread, each answer as the contract says; and the sample's files. */
import { fileURLToPath } from 'node:url';
import { Listener } from '../../runs/small-run.test-support.ts';
import { requests } from '../contract.ts';
import type { Answer, NamedFile, Questions, ReadingName } from './queries.ts';
import { ReaderCaches } from './reader-caches.ts';
import { readings } from './readings.ts';

const resource = (path: string): string => fileURLToPath(new URL(`../../../resources/${path}`, import.meta.url));

export const sample = {
  structure: resource('alanine-dipeptide/topology.pdb'),
  trajectory: resource('alanine-dipeptide/frames.xtc'),
  run: resource('alanine-dipeptide/run'),
} as const;

export const sampleSource = { structure: sample.structure, trajectories: [sample.trajectory] };

/** Asks queries, with the caches that outlive them. */
export class Asker implements AsyncDisposable {
  readonly caches = new ReaderCaches();

  async ask<N extends ReadingName>(name: N, question: Questions[N], follower = new Listener()): Promise<Answer<N>> {
    const answer = await readings[name](question, { follower, caches: this.caches });
    requests[name].result.parse(answer);
    return answer;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.caches[Symbol.asyncDispose]();
  }
}

/** As a host would name them. */
export const named = (...paths: readonly string[]): NamedFile[] => paths.map((path, i) => ({ id: `f${i}`, path }));
