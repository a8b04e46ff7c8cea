/**
 * NGL looks around at every turn of the browser, whatever happens: whether the pointer rests on something, whether a
 * movement goes on, whether a picture has stood long enough to be smoothed. Each turn is work for the whole page, on the
 * CPU that simulates. So a stage rests when nothing was drawn for a while and nobody points at it.
 */
import type { NglStage } from './ngl.ts';
import { onRendered, startLoops, stopLoops } from './ngl-private.ts';

/** ms: longer than NGL lets a picture stand before it smooths it. */
const AWAKE = 1500;

export class NglRest {
  readonly #stage: NglStage;
  readonly #element: HTMLElement;
  readonly #until = new AbortController();
  #isOver = false;
  #resting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stage: NglStage, element: HTMLElement) {
    this.#stage = stage;
    this.#element = element;
    onRendered(stage, () => this.wake());
    this.#listen('pointerenter', true);
    this.#listen('pointerleave', false);
    this.wake();
  }

  /** It moves by itself now: a flight, say. */
  wake(): void {
    if (this.#until.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), AWAKE);
    if (!this.#resting) return;
    this.#resting = false;
    startLoops(this.#stage);
  }

  dispose(): void {
    this.#until.abort();
    clearTimeout(this.#timer);
  }

  #rest(): void {
    if (this.#isOver || this.#resting) return;
    this.#resting = true;
    stopLoops(this.#stage);
  }

  #listen(event: 'pointerenter' | 'pointerleave', isOver: boolean): void {
    const heard = () => {
      this.#isOver = isOver;
      this.wake();
    };
    this.#element.addEventListener(event, heard, { signal: this.#until.signal });
  }
}
