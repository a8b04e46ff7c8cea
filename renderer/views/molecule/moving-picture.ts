/**
 * Where there is no GPU: the picture of a molecule that moves, drawn by the CPU over NGL's, which is
 * what is seen again when it has come to rest. NGL goes on to own the camera: whenever it would draw, this draws.
 * Styles that are more than balls and tubes stay with NGL.
 */
import { type BallsAndTubes, Painting } from './balls-and-tubes.ts';
import { isSoftware, type NglRepresentation, type NglStage } from './ngl.ts';
import {
  atomLooks,
  atomsShown,
  bondRadii,
  canvasOf,
  markDrawn,
  type Render,
  replaceRender,
  viewOf,
} from './ngl-private.ts';

/** As NGL's stage was told to. */
export interface Surroundings {
  /** Before and behind the middle of the molecule that is drawn, Å. */
  readonly room: number;
  /** 0 … 255. */
  readonly ground: readonly [red: number, green: number, blue: number];
}

export interface DrawnRepresentation {
  readonly name: string;
  readonly representation: NglRepresentation;
}

/** What a style is made of, if that is balls and tubes. */
export function ballsAndTubes(
  drawn: readonly DrawnRepresentation[],
  atoms: number,
  bonds: ArrayLike<number>,
): BallsAndTubes | undefined {
  const [only, more] = drawn.filter(({ representation }) => atomsShown(representation) > 0);
  if (!only || more || !['ball+stick', 'licorice', 'spacefill'].includes(only.name)) return undefined;
  const { representation } = only;
  if (atomsShown(representation) !== atoms) return undefined;
  const { radii, colours } = atomLooks(representation);
  if (only.name === 'spacefill') return { radii, colours, bonds: [], tubeRadii: new Float32Array() };
  const tubeRadii = bondRadii(representation);
  return tubeRadii.length === bonds.length / 2 ? { radii, colours, bonds, tubeRadii } : undefined;
}

export class MovingPicture {
  readonly #stage: NglStage;
  readonly #render: Render;
  readonly #element: HTMLElement;
  readonly #canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D;
  #painting = new Painting(1, 1);
  #shown: { model: BallsAndTubes; positions: Float32Array; surroundings: Surroundings } | undefined;

  /** `catchUp` gives NGL the positions that are shown, before it draws itself: what the pointer is over, say. */
  private constructor(stage: NglStage, element: HTMLElement, catchUp: () => void) {
    this.#stage = stage;
    // What is seen is in the CPU's memory and stays there.
    this.#context = this.#canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
    Object.assign(this.#canvas.style, {
      position: 'absolute',
      inset: '0',
      width: '100%',
      height: '100%',
      pointerEvents: 'none',
    });
    this.#element = element;
    this.#render = replaceRender(stage, (picking, target) => {
      if (this.#shown && !picking && !target) {
        this.#draw();
      } else {
        if (this.#shown) catchUp();
        this.#render(picking, target);
      }
    });
  }

  static over(stage: NglStage, element: HTMLElement, catchUp: () => void): MovingPicture | undefined {
    return isSoftware() ? new MovingPicture(stage, element, catchUp) : undefined;
  }

  get isShown(): boolean {
    return this.#shown !== undefined;
  }

  /** Positions are Å, and may change until the next call. */
  show(model: BallsAndTubes, positions: Float32Array, surroundings: Surroundings): void {
    this.#shown = { model, positions, surroundings };
    // Now, and not at the next turn of the browser: that would be two turns for each picture.
    this.#draw();
  }

  /** NGL draws again. */
  rest(): void {
    if (!this.#shown) return;
    this.#shown = undefined;
    this.#render();
    this.#canvas.remove();
  }

  dispose(): void {
    this.#shown = undefined;
    this.#canvas.remove();
  }

  #draw(): void {
    markDrawn(this.#stage);
    const { model, positions, surroundings } = this.#shown!;
    const { width, height } = canvasOf(this.#stage);
    if (width === 0 || height === 0) return;
    if (this.#painting.width !== width || this.#painting.height !== height) {
      this.#painting = new Painting(width, height);
      Object.assign(this.#canvas, { width, height });
    }
    const { view, distance, focal } = viewOf(this.#stage);
    const { room, ground } = surroundings;
    this.#painting.draw(model, positions, {
      view,
      focal: (focal * height) / 2,
      near: Math.max(0.5, distance - room),
      fog: [distance, distance + room],
      ground,
    });
    this.#context.putImageData(new ImageData(this.#painting.pixels, width, height), 0, 0);
    if (!this.#canvas.isConnected) this.#element.append(this.#canvas);
  }
}
