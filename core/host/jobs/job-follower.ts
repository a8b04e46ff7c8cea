/**
 * Follows work in its thread and tells the host: what it is doing, how fast, and what it has to say. Not more often
 * than a person can read.
 */
import type { Follower } from '../../runs/follower.ts';
import type { Spectator } from '../../runs/spectator.ts';
import { PaceMeter, type Progress, type Task } from '../../task.ts';
import type { TaskProgress } from '../contract.ts';

/** ms. */
const BETWEEN = 500;

export class JobFollower implements Follower {
  readonly signal: AbortSignal;
  readonly spectator: Spectator | undefined;
  readonly say: (line: string) => void;
  readonly #tell: (tasks: TaskProgress[]) => void;
  /** Those that are not at their end, as they were last reported. */
  readonly #tasks = new Map<Task, TaskProgress>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    signal: AbortSignal,
    spectator: Spectator | undefined,
    to: { tasks(tasks: TaskProgress[]): void; said(line: string): void },
  ) {
    this.signal = signal;
    this.spectator = spectator;
    this.say = (line) => to.said(line);
    this.#tell = (tasks) => to.tasks(tasks);
  }

  task(name: string): Task {
    const meter = new PaceMeter();
    const task: Task = {
      name,
      signal: this.signal,
      report: (progress) => {
        const { rate, remaining } = meter.measure(progress, performance.now() / 1000);
        if (progress.done >= progress.total) this.#tasks.delete(task);
        else this.#tasks.set(task, described(name, progress, rate, remaining));
        this.#timer ??= setTimeout(() => this.#now(), BETWEEN);
      },
    };
    return task;
  }

  /** At the end: a timer would keep the thread. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #now(): void {
    this.#timer = undefined;
    this.#tell([...this.#tasks.values()]);
  }
}

const described = (
  name: string,
  { done, total, unit, note }: Progress,
  rate: number | undefined,
  remaining: number | undefined,
): TaskProgress => ({
  name,
  done,
  total,
  unit,
  ...(note === undefined ? {} : { note }),
  ...(rate === undefined ? {} : { rate }),
  ...(remaining === undefined ? {} : { remaining }),
});
