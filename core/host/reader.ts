/**
 * The asking end of the reader's threads: one question after the other, each answered once, with a sentence where it cannot
 * be. A thread that breaks down fails the question it was at and no other: the next one gets a fresh thread.
 * There is a thread for what a person looks through, so that a scrubber never waits for a free energy. A thread starts
 * with its first question.
 */
import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ErgodicError } from '../errors.ts';
import type { TaskProgress } from './contract.ts';
import { type FromReader, OUT_OF_MEMORY, type ToReader } from './reading/messages.ts';
import type { Answer, Questions, ReadingName } from './reading/queries.ts';

/** Questions that wait for one another. */
type Lane = 'look' | 'compute' | 'measure';

const lanes: { readonly [N in ReadingName]: Lane } = {
  'files.inspect': 'look',
  'files.pair': 'look',
  'data.structure': 'look',
  'data.frame': 'look',
  'data.select': 'look',
  'data.beads': 'look',
  'structures.open': 'look',
  'structures.frame': 'look',
  'data.surface': 'compute',
  'runs.results': 'compute',
  'structures.find': 'compute',
  'draft.choose': 'compute',
  'draft.estimate': 'measure',
};

/** About what a person is changing: only the newest matters, and it does not wait for what it takes the place of. */
const ofTheMoment: ReadonlySet<ReadingName> = new Set(['data.surface', 'draft.estimate']);

export interface ReaderOptions {
  /** What runs in the threads. */
  readonly threadFile?: URL;
  /** Told what is being done, as far as it takes a while; nothing when that is over. */
  readonly progress?: (tasks: TaskProgress[]) => void;
}

export class Reader implements AsyncDisposable {
  readonly #threads: { readonly [L in Lane]: ReaderThread };

  constructor({ threadFile = readerThread(), progress = () => undefined }: ReaderOptions = {}) {
    const tell = () => progress(Object.values(this.#threads).flatMap(({ tasks }) => tasks));
    this.#threads = {
      look: new ReaderThread(threadFile, tell),
      compute: new ReaderThread(threadFile, tell),
      measure: new ReaderThread(threadFile, tell),
    };
  }

  /** Rejects with the signal's reason when it is aborted. */
  ask<N extends ReadingName>(name: N, question: Questions[N], signal: AbortSignal): Promise<Answer<N>> {
    const thread = this.#threads[lanes[name]];
    if (ofTheMoment.has(name))
      thread.forget((asked) => asked.name === name && !isDeepStrictEqual(asked.question, question));
    return thread.ask(name, question, signal) as Promise<Answer<N>>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.#threads).map((thread) => thread.stop()));
  }
}

interface Asked {
  readonly id: number;
  readonly name: ReadingName;
  readonly question: unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The thread's file: beside this one in source form, in the bundle's folder when bundled. */
const readerThread = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './reader-worker.ts' : './reader-worker.js', import.meta.url);

class ReaderThread {
  readonly #file: URL;
  readonly #tell: () => void;
  #tasks: readonly TaskProgress[] = [];
  #worker: Worker | undefined;
  #waiting: Asked[] = [];
  #current: Asked | undefined;
  #asked = 0;
  #stopped = false;

  constructor(file: URL, tell: () => void) {
    this.#file = file;
    this.#tell = tell;
  }

  /** Of the question that is being answered. */
  get tasks(): readonly TaskProgress[] {
    return this.#tasks;
  }

  async ask(name: ReadingName, question: unknown, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    if (this.#stopped) throw new ErgodicError('The host is closing and reads nothing any more.');
    let cancel = () => {};
    const answer = new Promise<unknown>((resolve, reject) => {
      const asked = { id: this.#asked++, name, question, resolve, reject };
      cancel = () => this.#cancel(asked, signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
      this.#waiting.push(asked);
      this.#proceed();
    });
    return answer.finally(() => signal.removeEventListener('abort', cancel));
  }

  /** Newer ones took the place of these. */
  forget(isOld: (asked: Pick<Asked, 'name' | 'question'>) => boolean): void {
    for (const asked of [...(this.#current ? [this.#current] : []), ...this.#waiting]) {
      if (isOld(asked)) this.#cancel(asked, new ErgodicError('Newer settings took the place of these.'));
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const worker = this.#worker;
    this.#worker = undefined;
    const left = [...(this.#current ? [this.#current] : []), ...this.#waiting];
    this.#current = undefined;
    this.#waiting = [];
    for (const { reject } of left) reject(new ErgodicError('The host was closed before this was read.'));
    await worker?.terminate();
  }

  #cancel(asked: Asked, reason: unknown): void {
    asked.reject(reason);
    // The thread is free when it has let go of it: until then it can do nothing else.
    if (asked === this.#current) this.#post({ kind: 'cancel', id: asked.id });
    else this.#waiting = this.#waiting.filter((other) => other !== asked);
  }

  #proceed(): void {
    if (this.#current) return;
    this.#current = this.#waiting.shift();
    if (!this.#current) {
      this.#worker?.unref();
      return;
    }
    const { id, name, question } = this.#current;
    this.#post({ kind: 'ask', id, name, question });
  }

  #post(message: ToReader): void {
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    let trouble: unknown;
    worker.on('message', (message: FromReader) => this.#settle(message));
    worker.on('error', (error) => {
      trouble = error;
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#broken(trouble);
    });
    return worker;
  }

  #settle(message: FromReader): void {
    const asked = this.#current;
    if (asked?.id !== message.id) return;
    if (message.kind === 'progress') {
      this.#do(message.tasks);
      return;
    }
    this.#do([]);
    this.#current = undefined;
    if (message.kind === 'answer') asked.resolve(message.answer);
    else if (message.kind === 'refusal') asked.reject(new ErgodicError(message.sentence));
    else if (message.kind === 'defect')
      asked.reject(Object.assign(new Error(message.message), { stack: message.stack }));
    this.#proceed();
  }

  #do(tasks: readonly TaskProgress[]): void {
    if (tasks.length === 0 && this.#tasks.length === 0) return;
    this.#tasks = tasks;
    this.#tell();
  }

  #broken(trouble: unknown): void {
    this.#worker = undefined;
    this.#do([]);
    const asked = this.#current;
    this.#current = undefined;
    asked?.reject(new ErgodicError(sentenceFor(trouble), { cause: trouble }));
    this.#proceed();
  }
}

function sentenceFor(trouble: unknown): string {
  const code = trouble instanceof Error && 'code' in trouble ? trouble.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return OUT_OF_MEMORY;
  return 'Reading broke down here; nothing is lost: try again, and leave out the file that was read last if it happens again.';
}
