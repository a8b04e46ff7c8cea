/**
 * The worker threads of the wasm engine: started once, given executables, asked to run them together.
 * The caller's own thread never computes, so that an owner of a window or a socket stays responsive.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job } from './driver.ts';
import type { ToThread } from './worker.ts';

export const defaultThreads = (): number => Math.min(availableParallelism(), 64);

/** The worker's file: beside this one in source form, in the bundle's folder when bundled. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './wasm-worker.js', import.meta.url);

export class Threads {
  readonly count: number;
  #workers: Worker[] = [];
  #failure: Error | undefined;
  #waiting: { remaining: number; resolve: () => void; reject: (error: Error) => void } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(count: number) {
    this.count = count;
  }

  #start(): void {
    if (this.#workers.length > 0 || this.#failure) return;
    this.#workers = Array.from({ length: this.count }, (_, thread) => {
      const worker = new Worker(workerFile(), { workerData: { thread } });
      worker.unref();
      worker.on('message', () => {
        const call = this.#waiting;
        if (call && --call.remaining === 0) {
          this.#waiting = undefined;
          call.resolve();
        }
      });
      worker.on('error', (error) => {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
      });
      return worker;
    });
  }

  /** One thread is gone, and the others may be waiting for it at a barrier: stop them all. */
  #fail(error: Error): void {
    this.#failure = new Error(`A computing thread stopped: ${error.message}`, { cause: error });
    for (const worker of this.#workers) void worker.terminate();
    this.#workers = [];
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }

  post(message: ToThread): void {
    this.#start();
    for (const worker of this.#workers) worker.postMessage(message);
  }

  /** Runs alone: calls wait for one another, because all of them need all threads. */
  exclusively<R>(work: () => Promise<R>): Promise<R> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => {});
    return next;
  }

  async run(id: number, job: Job): Promise<void> {
    this.#start();
    if (this.#failure) throw this.#failure;
    const workers = this.#workers.slice(0, job.threads);
    await new Promise<void>((resolve, reject) => {
      this.#waiting = { remaining: workers.length, resolve, reject };
      for (const worker of workers) {
        worker.ref();
        worker.postMessage({ kind: 'run', id, job } satisfies ToThread);
      }
    }).finally(() => {
      for (const worker of workers) worker.unref();
    });
  }

  async stop(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
