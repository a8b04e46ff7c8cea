/**
 * The one way to follow and stop long work: it reports progress and watches a signal.
 * Training, sampling, simulation and evaluation take a `Task`; a terminal, a window or a test gives one.
 * Not here: how progress is shown, or what "stopped" leaves behind.
 */

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Of `done` and `total`: steps, samples, frames, … */
  readonly unit: string;
  /** Units left at the present pace, where later steps take longer; `total` − `done` unless given. */
  readonly left?: number;
  /** A few words that change as the work goes on, the present loss say. */
  readonly note?: string;
}

export interface Task {
  /** What is being done, as a person would say it: "training expert 1 of 3". */
  readonly name: string;
  /** Aborted when the work should stop as soon as it safely can. */
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** Receives progress and notices: a terminal, a window, a test. */
export interface Reporter {
  readonly signal: AbortSignal;
  task(name: string): Task;
  say(line: string): void;
}

/** How fast a task goes. */
export interface Pace {
  /** Units per second; undefined until something has been done. */
  readonly rate: number | undefined;
  /** Estimated seconds to the end. */
  readonly remaining: number | undefined;
}

/**
 * Measures the pace from reports, over a sliding window so that a slow start (compilation) is forgotten.
 * Times are in seconds from any origin; the first report is the beginning, so a resumed task is not overrated.
 */
export class PaceMeter {
  readonly #window: number;
  #marks: { time: number; done: number }[] = [];

  constructor(windowSeconds = 30) {
    this.#window = windowSeconds;
  }

  measure({ done, total, left = total - done }: Progress, time: number): Pace {
    const marks = this.#marks;
    marks.push({ time, done });
    while (marks.length > 2 && time - marks[1]!.time >= this.#window) marks.shift();
    const { time: since, done: before } = marks[0]!;
    if (time <= since || done <= before) return { rate: undefined, remaining: undefined };
    const rate = (done - before) / (time - since);
    return { rate, remaining: Math.max(0, left) / rate };
  }
}
