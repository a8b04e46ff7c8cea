/**
 * The host's end of a job's thread. However the thread ends, its owner hears exactly one outcome; one that breaks down
 * takes nothing else with it, and what it held is released.
 */
import { Worker } from 'node:worker_threads';
import { releaseForLostThread } from '../../storage/folder-lock.ts';
import type { FromJob, JobStart, Outcome, ToJob } from './messages.ts';

/** ms: the next checkpoint is nearer than that, unless something hangs. */
const PATIENCE = 20_000;

/** The thread's file: beside the host in source form, in the bundle's folder when bundled. */
const threadFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? '../job-worker.ts' : './job-worker.js', import.meta.url);

export class JobThread {
  readonly ended: Promise<Outcome>;
  readonly #worker: Worker;

  constructor(start: JobStart, hear: (message: FromJob) => void) {
    // A thread before this one could not release a folder that had gone away and has come back since.
    releaseForLostThread(start.folder);
    const worker = new Worker(threadFile(), { workerData: start });
    this.#worker = worker;
    this.ended = new Promise((resolve) => {
      let outcome: Outcome | undefined;
      let trouble: unknown;
      worker.on('message', (message: FromJob) => {
        if (isOutcome(message)) outcome = message;
        else hear(message);
      });
      worker.on('error', (error) => {
        trouble = error;
      });
      worker.on('exit', () => {
        if (!outcome) releaseForLostThread(start.folder);
        resolve(outcome ?? brokenDown(trouble));
      });
    });
  }

  tell(message: ToJob): void {
    this.#worker.postMessage(message);
  }

  /** At the next checkpoint, or, where it finds none, at once: what is stored is whole at any moment. */
  async stop(): Promise<Outcome> {
    this.tell({ kind: 'stop' });
    const timer = setTimeout(() => void this.#worker.terminate(), PATIENCE);
    const outcome = await this.ended;
    clearTimeout(timer);
    return outcome;
  }
}

const isOutcome = (message: FromJob): message is Outcome =>
  message.kind === 'done' || message.kind === 'stopped' || message.kind === 'failed' || message.kind === 'defect';

function brokenDown(trouble: unknown): Outcome {
  const code = trouble instanceof Error && 'code' in trouble ? trouble.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const sentence =
      'There was not enough memory for this: use smaller batches, fewer replicas or fewer frames, or close other programs; stored results are safe.';
    return { kind: 'failed', sentence };
  }
  if (trouble === undefined)
    return { kind: 'failed', sentence: 'It was stopped midway; stored results are safe: resume it.' };
  return { kind: 'defect', stack: trouble instanceof Error ? (trouble.stack ?? trouble.message) : String(trouble) };
}
