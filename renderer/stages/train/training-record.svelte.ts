/**
 * The curves of a run that is shown while it trains: what is stored when it is asked for, and what comes since. Points
 * are kept as they are, outside of what is watched for changes; `version` says that there are new ones.
 */
import type { Residual, RunDetail } from '../../../core/host/contract.ts';
import type { Client } from '../../client/client.ts';
import { LossRecord } from './loss-record.ts';

export class TrainingRecord {
  readonly run: string;
  readonly losses = new LossRecord();
  #version = $state(0);
  #residual = $state.raw<Residual>();

  constructor(run: string) {
    this.run = run;
  }

  get version(): number {
    return this.#version;
  }
  /** While it trains; the one of its evaluation stands in the run's details. */
  get residual(): Residual | undefined {
    return this.#residual;
  }

  adopt({ training }: RunDetail): void {
    this.losses.add(training);
    this.#version++;
  }

  /** Returns how to stop. */
  listen(client: Client): () => void {
    const stop = [
      client.on('training.points', ({ run, points }) => {
        if (run !== this.run) return;
        this.losses.add(points);
        this.#version++;
      }),
      client.on('training.residual', ({ run, residual }) => {
        if (run === this.run) this.#residual = residual;
      }),
    ];
    return () => {
      for (const one of stop) one();
    };
  }
}
