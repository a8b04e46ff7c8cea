/**
 * What the host has said about runs (their results, or their settings and curves), kept until something of the run
 * changes. An answer that has grown old stays to be looked at while the next one is on its way. Answers hold arrays:
 * they are kept and handed on as they are, and only the last few runs are.
 */
import type { Job, RequestBody, Result, RunSummary } from '../../core/host/contract.ts';
import type { Client } from '../client/client.ts';
import { isOver } from './jobs-store.svelte.ts';
import { sentenceOf } from './notices.svelte.ts';

type AboutRun = 'runs.results' | 'runs.read';

export interface StoredAnswer<A> {
  readonly answer?: A;
  /** Why there is none. */
  readonly problem?: string;
  /** `old`: something has changed since; `asking`: the next one is on its way. */
  readonly state: 'asking' | 'there' | 'old';
}

const MOST_KEPT = 8;

export class RunAnswers<N extends AboutRun> {
  readonly #client: Client;
  readonly #name: N;
  #kept = $state.raw<ReadonlyMap<string, StoredAnswer<Result<N>>>>(new Map());
  #over = new Set<string>();
  #summaries = new Map<string, string>();

  constructor(client: Client, name: N) {
    this.#client = client;
    this.#name = name;
    client.on('jobs.changed', ({ jobs }) => this.#hearJobs(jobs));
    client.on('runs.changed', ({ runs }) => this.#hearRuns(runs));
  }

  of(run: string | undefined): StoredAnswer<Result<N>> | undefined {
    return run === undefined ? undefined : this.#kept.get(run);
  }

  /** Asks unless the answer is there; for an effect, which runs again when the answer has grown old. */
  want(run: string): void {
    const kept = this.#kept.get(run);
    if (kept && kept.state !== 'old') return;
    this.#put(run, { ...kept, state: 'asking' });
    const settle = (settled: Omit<StoredAnswer<Result<N>>, 'state'>) => {
      const now = this.#kept.get(run);
      if (now) this.#put(run, { ...settled, state: now.state === 'old' ? 'old' : 'there' });
    };
    ask(this.#client, this.#name, run).then(
      (answer) => settle({ answer }),
      (error: unknown) => settle({ problem: sentenceOf(error) }),
    );
  }

  /** Something of it has changed. */
  outdate(run: string): void {
    const kept = this.#kept.get(run);
    if (kept) this.#put(run, { ...kept, state: 'old' });
  }

  /** Another project is open. */
  forget(): void {
    this.#kept = new Map();
    this.#over = new Set();
    this.#summaries = new Map();
  }

  #put(run: string, entry: StoredAnswer<Result<N>>): void {
    const others = [...this.#kept].filter(([id]) => id !== run);
    this.#kept = new Map([...others.slice(1 - MOST_KEPT), [run, entry]]);
  }

  #hearJobs(jobs: readonly Job[]): void {
    const over = jobs.filter((job) => isOver(job) && job.kind !== 'export');
    for (const { id, run } of over) if (run !== undefined && !this.#over.has(id)) this.outdate(run);
    this.#over = new Set(over.map(({ id }) => id));
  }

  #hearRuns(runs: readonly RunSummary[]): void {
    const summaries = new Map(runs.map((run) => [run.id, JSON.stringify(run)]));
    for (const [id, summary] of summaries) {
      const before = this.#summaries.get(id);
      if (before !== undefined && before !== summary) this.outdate(id);
    }
    this.#summaries = summaries;
  }
}

/** Their bodies are the same, which the types of one name among several do not say. */
const ask = <N extends AboutRun>(client: Client, name: N, run: string): Promise<Result<N>> =>
  client.request(name, { run } as RequestBody<N>);
