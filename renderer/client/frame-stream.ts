/**
 * The frames of one stream between the channel and the eye: at most one for each picture the window draws, the newest,
 * and no more of them than an eye can follow.
 * Credit is granted as frames are looked at, so a window that draws slowly, or lies behind others and draws nothing,
 * gets fewer and holds up nobody. Counts over the plane come with some frames only; the newest are kept for the next
 * frame that is shown.
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

/** Frames on their way at once: enough for 60 pictures a second over a channel that takes 50 ms there and back. */
const IN_FLIGHT = 4;
/** Between two pictures on average, ms: what more of them cost is taken from the work that is watched. */
const PICTURE_MS = 29;

export class FrameStream {
  readonly #watcher: StreamWatcher<StreamKind>;
  readonly #grant: (frames: number) => void;
  #newest: StreamFrame<StreamKind> | undefined;
  /** Frames that came since the last grant. */
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

  take(frame: StreamFrame<StreamKind>): void {
    if (this.#ended) return;
    const older = this.#newest;
    this.#newest = older ? replaced(older, frame) : frame;
    this.#taken++;
    if (this.#waiting !== undefined || this.#drawing !== undefined) return;
    // Not by asking at every turn of the browser whether it is time: each turn is work for the whole page.
    this.#waiting = setTimeout(
      () => {
        this.#waiting = undefined;
        this.#drawing = requestAnimationFrame(() => this.#show());
      },
      Math.max(0, this.#due - performance.now()),
    );
  }

  /** The watcher is gone. */
  end(): void {
    this.#ended = true;
    this.#cancel();
  }

  /** The host sends no more: what waits is shown. */
  finish(failure?: Error): void {
    if (this.#ended) return;
    const frame = this.#newest;
    this.end();
    if (frame) this.#watcher.onFrame(frame);
    this.#watcher.onEnd?.(failure);
  }

  #show(): void {
    // A picture that was late is made up for, several are not.
    this.#due = Math.max(this.#due, performance.now() - PICTURE_MS) + PICTURE_MS;
    this.#drawing = undefined;
    const frame = this.#newest;
    this.#newest = undefined;
    if (frame) this.#watcher.onFrame(frame);
    if (this.#ended || this.#taken < IN_FLIGHT / 2) return;
    this.#grant(this.#taken);
    this.#taken = 0;
  }

  #cancel(): void {
    clearTimeout(this.#waiting);
    if (this.#drawing !== undefined) cancelAnimationFrame(this.#drawing);
  }
}

function replaced(older: StreamFrame<StreamKind>, newer: StreamFrame<StreamKind>): StreamFrame<StreamKind> {
  const counts = newer.counts ?? older.counts;
  return { ...newer, ...(counts && { counts }), dropped: newer.dropped + older.dropped + 1 };
}
