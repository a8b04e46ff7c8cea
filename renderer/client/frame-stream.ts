/**
 * The frames of one stream between the channel and the eye. They come in bunches, to be shown evenly in the time until
 * the next; at most one for each picture the window draws, the newest, and no more of them than an eye can follow.
 * Credit is granted as frames are looked at, so a window that draws slowly, or lies behind others and draws nothing,
 * gets fewer and holds up nobody. What was measured comes with some frames only; the newest goes with the next frame
 * that is shown.
 */
import type { RequestBody, Result, StreamFrame, StreamKind } from '../../core/host/contract.ts';

export type StreamRequest<K extends StreamKind> = Extract<RequestBody<'stream.open'>, { kind: K }>;
export type OpenedStream = Result<'stream.open'>;

export interface StreamWatcher<K extends StreamKind> {
  onOpen?(opened: OpenedStream): void;
  onFrame(frame: StreamFrame<K>): void;
  /** No more frames; with a failure where that was not the end of the work. */
  onEnd?(failure?: Error): void;
}

/** Frames on their way or waiting at once: those of two bunches of a quarter of a second, and some. */
const IN_FLIGHT = 24;
/** Between two pictures on average, ms: what more of them cost is taken from the work that is watched. */
const PICTURE_MS = 25;

type Frame = StreamFrame<StreamKind>;

export class FrameStream {
  readonly #watcher: StreamWatcher<StreamKind>;
  readonly #grant: (frames: number) => void;
  /** When each is to be shown, ms. */
  #coming: { readonly frame: Frame; readonly at: number }[] = [];
  /** Frames that were looked at, or passed over, since the last grant. */
  #taken = 0;
  #drawing: number | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  /** When the next picture may be drawn. */
  #due = 0;

  constructor(watcher: StreamWatcher<never>, grant: (frames: number) => void) {
    this.#watcher = watcher as StreamWatcher<StreamKind>;
    this.#grant = grant;
  }

  begin(): void {
    this.#grant(IN_FLIGHT);
  }

  /** What was to be shown by now, and was not, no longer waits. */
  take(frames: readonly Frame[], seconds: number): void {
    if (this.#ended) return;
    const now = performance.now();
    const between = (1000 * seconds) / frames.length;
    this.#coming = [
      ...this.#coming.map(({ frame }) => ({ frame, at: now })),
      ...frames.map((frame, i) => ({ frame, at: now + i * between })),
    ];
    clearTimeout(this.#waiting);
    this.#waitForNext();
  }

  /** The watcher is gone. */
  end(): void {
    this.#ended = true;
    this.#coming = [];
    clearTimeout(this.#waiting);
    if (this.#drawing !== undefined) cancelAnimationFrame(this.#drawing);
  }

  /** The host sends no more: the last of what waits is shown. */
  finish(failure?: Error): void {
    if (this.#ended) return;
    const frame = this.#newest(this.#coming.length);
    this.end();
    if (frame) this.#watcher.onFrame(frame);
    this.#watcher.onEnd?.(failure);
  }

  #waitForNext(): void {
    const [next] = this.#coming;
    if (!next || this.#drawing !== undefined) return;
    // Not by asking at every turn of the browser whether it is time: each turn is work for the whole page.
    this.#waiting = setTimeout(
      () => {
        this.#drawing = requestAnimationFrame(() => this.#show());
      },
      Math.max(0, Math.max(next.at, this.#due) - performance.now()),
    );
  }

  #show(): void {
    const now = performance.now();
    // A picture that was late is made up for, several are not.
    this.#due = Math.max(this.#due, now - PICTURE_MS) + PICTURE_MS;
    this.#drawing = undefined;
    const later = this.#coming.findIndex(({ at }) => at > now);
    const frame = this.#newest(later < 0 ? this.#coming.length : later);
    if (frame) this.#watcher.onFrame(frame);
    if (this.#ended) return;
    this.#waitForNext();
    if (this.#taken < IN_FLIGHT / 3) return;
    this.#grant(this.#taken);
    this.#taken = 0;
  }

  /** Of the first few that wait, none of which waits any longer. */
  #newest(count: number): Frame | undefined {
    this.#taken += count;
    const frames = this.#coming.splice(0, count).map(({ frame }) => frame);
    return frames.length === 0 ? undefined : frames.reduce(replaced);
  }
}

/** What comes with some frames only is kept. */
function replaced(older: Frame, newer: Frame): Frame {
  return { ...older, ...newer, dropped: newer.dropped + older.dropped + 1 };
}
