/**
 * All that this window uses of NGL without NGL promising it: its loops, which it has no word to stop, its way of
 * drawing, the groups and the camera behind it, what its representations have computed. A new version may move any of
 * these without a word; ngl-private.test.ts looks for each in the installed one, whose version is therefore exact.
 * Not here: what NGL documents (ngl.ts).
 */
import { isSoftware, type Ngl, type NglRepresentation, type NglStage } from './ngl.ts';

/** 4 × 4, column after column. */
interface Matrix {
  readonly elements: readonly number[];
}

interface PrivateViewer {
  readonly renderer: { readonly domElement: HTMLCanvasElement; forceContextLoss(): void };
  readonly camera: {
    readonly position: { readonly x: number; readonly y: number; readonly z: number };
    readonly matrixWorldInverse: Matrix;
    readonly projectionMatrix: Matrix;
    updateMatrixWorld(): void;
  };
  /** It turns about the origin; in it is what moves the molecule's centre there. */
  readonly rotationGroup: { updateMatrixWorld(force: boolean): void };
  readonly translationGroup: { readonly matrixWorld: Matrix };
  /** Whether a picture was asked for and is not yet drawn. */
  renderPending: boolean;
  render: (picking?: boolean, target?: unknown) => void;
  /** At every turn of the browser it has the controls move on, and asks for the next. */
  animate(): void;
  readonly frameRequest: number;
  readonly signals: { readonly rendered: { add(listener: () => void): void } };
}

interface PrivateStage {
  readonly viewer: PrivateViewer;
  /** At every turn of the browser it looks whether the pointer rests on something. */
  readonly mouseObserver: { _listen(): void; readonly frameRequest: number };
}

interface PrivateRepresentation {
  readonly repr: {
    readonly structureView: {
      readonly atomCount: number;
      getAtomData(wanted: object): AtomLook;
      getBondData(wanted: object): AtomLook;
    };
    getAtomParams(what: LookWanted): object;
    getBondParams(what: LookWanted): object;
  };
}

interface LookWanted {
  readonly color: boolean;
  readonly radius: boolean;
}

/** Colours are 0 … 1, radii Å. */
interface AtomLook {
  readonly color: Float32Array;
  readonly radius: Float32Array;
}

const insideStage = (stage: NglStage): PrivateStage => stage as unknown as PrivateStage;
const viewerOf = (stage: NglStage): PrivateViewer => insideStage(stage).viewer;

export const canvasOf = (stage: NglStage): HTMLCanvasElement => viewerOf(stage).renderer.domElement;

/** A browser keeps a context until its canvas is collected, and gives up the oldest of more than sixteen. */
export const loseContext = (stage: NglStage): void => viewerOf(stage).renderer.forceContextLoss();

export const onRendered = (stage: NglStage, listener: () => void): void =>
  viewerOf(stage).signals.rendered.add(listener);

/** Neither what moves nor the pointer is looked at any more. */
export function stopLoops(stage: NglStage): void {
  cancelAnimationFrame(viewerOf(stage).frameRequest);
  cancelAnimationFrame(insideStage(stage).mouseObserver.frameRequest);
}

export function startLoops(stage: NglStage): void {
  viewerOf(stage).animate();
  insideStage(stage).mouseObserver._listen();
}

export type Render = PrivateViewer['render'];

/** From now on `instead` is called whenever NGL would draw; returns how NGL draws itself. */
export function replaceRender(stage: NglStage, instead: Render): Render {
  const viewer = viewerOf(stage);
  const own = viewer.render.bind(viewer);
  viewer.render = instead;
  return own;
}

/** The picture that was asked for is drawn. */
export function markDrawn(stage: NglStage): void {
  viewerOf(stage).renderPending = false;
}

export interface NglView {
  /** From where the atoms are to where the eye sees them, 4 × 4, column after column. */
  readonly view: Float64Array;
  /** From the eye to the middle of the molecule, Å. */
  readonly distance: number;
  /** Of the projection: half the height of the picture over this is the tangent of half the angle. */
  readonly focal: number;
}

export function viewOf(stage: NglStage): NglView {
  const { camera, rotationGroup, translationGroup } = viewerOf(stage);
  camera.updateMatrixWorld();
  rotationGroup.updateMatrixWorld(true);
  return {
    view: product(camera.matrixWorldInverse.elements, translationGroup.matrixWorld.elements),
    distance: Math.hypot(camera.position.x, camera.position.y, camera.position.z),
    focal: camera.projectionMatrix.elements[5]!,
  };
}

const insideRepresentation = (representation: NglRepresentation) =>
  (representation as unknown as PrivateRepresentation).repr;

const LOOK: LookWanted = { color: true, radius: true };

/** How many atoms a representation shows. */
export const atomsShown = (representation: NglRepresentation): number =>
  insideRepresentation(representation).structureView.atomCount;

export function atomLooks(representation: NglRepresentation): { radii: Float32Array; colours: Float32Array } {
  const repr = insideRepresentation(representation);
  const { radius, color } = repr.structureView.getAtomData(repr.getAtomParams(LOOK));
  return { radii: radius, colours: color };
}

export function bondRadii(representation: NglRepresentation): Float32Array {
  const repr = insideRepresentation(representation);
  return repr.structureView.getBondData(repr.getBondParams(LOOK)).radius;
}

/**
 * A stage of NGL, which asks for four samples of every pixel and has no word for another number. Where there is no GPU
 * each of them costs the CPU that has better to do, and of balls and tubes, computed for each pixel, they smooth nothing:
 * there the context it asks for is given with one.
 */
export function openStage({ Stage }: Ngl, element: HTMLElement, parameters: Record<string, unknown>): NglStage {
  if (!isSoftware()) return new Stage(element, parameters);
  const prototype = HTMLCanvasElement.prototype as { getContext: (kind: string, wishes?: object) => unknown };
  const { getContext } = prototype;
  prototype.getContext = function (kind, wishes) {
    return getContext.call(this, kind, { ...wishes, antialias: false });
  };
  try {
    return new Stage(element, parameters);
  } finally {
    prototype.getContext = getContext;
  }
}

/** Of two 4 × 4 matrices, column after column. */
function product(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const result = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * k + row]! * b[4 * column + k]!;
      result[4 * column + row] = sum;
    }
  }
  return result;
}
