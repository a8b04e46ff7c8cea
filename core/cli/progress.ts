/**
 * Progress of tasks on standard error: on a terminal one line for each, written over, elsewhere a plain line now and then.
 * Each says how far, how fast and how long still. Not here: what is being done.
 */
import { PaceMeter, type Progress, type Task } from '../task.ts';

/** The part of a stream that is needed; `process.stderr` is one. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const REDRAW_SECONDS = 0.1;
const PLAIN_LINE_SECONDS = 15;
const CLEAR_LINE = '\r\u001b[2K';
const LINE_UP = '\u001b[1A';

export class ProgressDisplay {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  /** The line of each task that is under way. */
  readonly #lines = new Map<object, string>();
  /** Lines on the terminal that are to be written over. */
  #drawn = 0;

  /** `now` in seconds. */
  constructor(terminal: Terminal, now: () => number = () => performance.now() / 1000) {
    this.#terminal = terminal;
    this.#now = now;
  }

  task(name: string, signal: AbortSignal): Task {
    const meter = new PaceMeter();
    const start = this.#now();
    let shown = start;
    let ended = false;
    let first: { done: number; time: number } | undefined;
    const key = {};
    const interval = this.#terminal.isTTY ? REDRAW_SECONDS : PLAIN_LINE_SECONDS;
    const report = (progress: Progress) => {
      if (ended) return;
      const now = this.#now();
      if (!first) {
        // Where the task stands before its first work: what comes before the second report is mostly compilation.
        first = { done: progress.done, time: now };
        if (progress.done < progress.total) return;
      }
      const { rate, remaining } = meter.measure(progress, now);
      if (progress.done >= progress.total) {
        ended = true;
        this.#lines.delete(key);
        const average =
          now > first.time && progress.done > first.done
            ? [`${formatCount((progress.done - first.done) / (now - first.time))} ${progress.unit}/s`]
            : [];
        const parts = [`${name}: ${formatCount(progress.done)} ${progress.unit} in ${formatDuration(now - start)}`];
        this.say([...parts, ...average, ...noteOf(progress)].join(', '));
      } else if (now - shown >= interval) {
        shown = now;
        const pace = rate === undefined ? [] : [`${formatCount(rate)} ${progress.unit}/s`];
        const eta = remaining === undefined ? [] : [`${formatDuration(remaining)} left`];
        this.#draw(key, [`${name}: ${fractionOf(progress)}`, ...pace, ...eta, ...noteOf(progress)].join(', '));
      }
    };
    return { name, signal, report };
  }

  /** A line that stays. */
  say(line: string): void {
    this.clear();
    this.#terminal.write(`${line}\n`);
  }

  /** Takes the unfinished lines away, before something else is written. */
  clear(): void {
    if (this.#drawn > 0) this.#terminal.write(CLEAR_LINE + `${LINE_UP}${CLEAR_LINE}`.repeat(this.#drawn - 1));
    this.#drawn = 0;
  }

  #draw(key: object, line: string): void {
    if (!this.#terminal.isTTY) {
      this.#terminal.write(`${line}\n`);
      return;
    }
    this.#lines.set(key, line.slice(0, (this.#terminal.columns ?? 80) - 1));
    this.clear();
    this.#terminal.write([...this.#lines.values()].join('\n'));
    this.#drawn = this.#lines.size;
  }
}

const noteOf = ({ note }: Progress) => (note ? [note] : []);

function fractionOf({ done, total, unit }: Progress): string {
  return `${formatCount(done)} of ${formatCount(total)} ${unit} (${Math.floor((100 * done) / total)} %)`;
}

/** Whole numbers whole, small rates with two digits. */
export function formatCount(value: number): string {
  const digits = value >= 10 || Number.isInteger(value) ? Math.round(value) : Number(value.toPrecision(2));
  return digits.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
