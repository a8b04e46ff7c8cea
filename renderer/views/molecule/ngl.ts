/**
 * NGL, loaded when the first molecule is drawn, and the few of its names that this window uses, with types of our own:
 * its declarations lean on packages that its prebuilt library already contains. Lengths are Å, as everywhere in NGL.
 * What it needs of a content policy is scripts from 'self' and nothing else: as it is used here it compiles no text,
 * starts no worker (its molecular surfaces would, from `blob:`) and loads nothing.
 */

export interface NglStructure {
  readonly bondStore: NglBondStore;
  getAtomProxy(index?: number): NglAtom;
  finalizeBonds(): void;
  refreshPosition(): void;
  getPrincipalAxes(): { getRotationQuaternion(): unknown };
  updatePosition(positions: Float32Array, refresh: boolean): void;
}

export interface NglAtom {
  index: number;
}

interface NglBondStore {
  clear(): void;
  addBond(first: NglAtom, second: NglAtom, order: number): void;
}

export interface NglRepresentation {
  setVisibility(visible: boolean): void;
  readonly repr: {
    readonly structureView: NglStructureView;
    getAtomParams(what: NglWanted): object;
    getBondParams(what: NglWanted): object;
  };
}

/** The atoms that a representation shows. */
interface NglStructureView {
  readonly atomCount: number;
  getAtomData(wanted: object): NglLook;
  getBondData(wanted: object): NglLook;
}

interface NglWanted {
  readonly color: boolean;
  readonly radius: boolean;
}

/** Colours are 0 … 1. */
interface NglLook {
  readonly color: Float32Array;
  readonly radius: Float32Array;
}

export interface NglComponent {
  readonly structure: NglStructure;
  addRepresentation(name: string, parameters: Record<string, unknown>): NglRepresentation;
  removeRepresentation(representation: NglRepresentation): void;
  removeAllRepresentations(): void;
  updateRepresentations(what: { position: boolean }): void;
}

interface NglVector {
  set(x: number, y: number, z: number): NglVector;
}

/** 4 × 4, column after column. */
interface NglMatrix {
  readonly elements: readonly number[];
}

/** What the pointer is over. */
export interface NglPick {
  readonly atom?: NglAtom;
}

export interface NglStage {
  readonly viewer: {
    readonly renderer: {
      readonly domElement: HTMLCanvasElement;
      forceContextLoss(): void;
    };
    readonly camera: {
      readonly position: { readonly x: number; readonly y: number; readonly z: number };
      readonly matrixWorldInverse: NglMatrix;
      readonly projectionMatrix: NglMatrix;
      updateMatrixWorld(): void;
    };
    /** It turns about the origin; in it is what moves the molecule's centre there. */
    readonly rotationGroup: { updateMatrixWorld(force: boolean): void };
    readonly translationGroup: { readonly matrixWorld: NglMatrix };
    requestRender(): void;
    /** Whether one was asked for and not yet drawn. */
    renderPending: boolean;
    render(picking?: boolean, target?: unknown): void;
    /** At every turn of the browser it has the controls move on, and asks for the next. */
    animate(): void;
    frameRequest: number;
    readonly signals: { readonly rendered: { add(listener: () => void): void } };
  };
  /** At every turn of the browser it looks whether the pointer rests on something. */
  readonly mouseObserver: { _listen(): void; readonly frameRequest: number };
  readonly trackballControls: { rotate(x: number, y: number): void; zoom(delta: number): void };
  readonly viewerControls: {
    center(at: readonly number[]): void;
    distance(distance: number): void;
    spin(axis: readonly number[], angle: number): void;
  };
  readonly animationControls: {
    zoomMove(centre: NglVector, zoom: number, milliseconds: number): void;
    rotate(quaternion: unknown, milliseconds: number): void;
  };
  readonly mouseControls: {
    add(trigger: string, action: (stage: NglStage, pick: NglPick | undefined) => void): void;
    remove(trigger: string): void;
  };
  readonly keyControls: { clear(): void };
  setParameters(parameters: Record<string, unknown>): void;
  loadFile(file: Blob, parameters: Record<string, unknown>): Promise<NglComponent>;
  addComponentFromObject(shape: unknown): NglComponent;
  removeComponent(component: NglComponent): void;
  removeAllComponents(): void;
  handleResize(): void;
  getCenter(): NglVector;
  makeImage(parameters: { factor: number; antialias: boolean; trim: boolean; transparent: boolean }): Promise<Blob>;
  dispose(): void;
}

export interface Ngl {
  readonly Stage: new (element: HTMLElement, parameters: Record<string, unknown>) => NglStage;
  readonly Shape: new (name: string, parameters: Record<string, unknown>) => { addBuffer(buffer: unknown): void };
  readonly WidelineBuffer: new (data: Record<string, Float32Array>, parameters: Record<string, unknown>) => unknown;
}

export async function loadNgl(): Promise<Ngl> {
  const library = (await import('ngl')) as unknown as Ngl & { default?: Ngl };
  return library.Stage ? library : library.default!;
}

/**
 * A stage of NGL, which asks for four samples of every pixel. Where there is no graphics card each of them costs the
 * processor that has better to do, and of balls and tubes, computed for each pixel, they smooth nothing.
 */
export function openStage({ Stage }: Ngl, element: HTMLElement, parameters: Record<string, unknown>): NglStage {
  if (!isSoftware()) return new Stage(element, parameters);
  // NGL has no word for it: the context it asks for is given with one sample.
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

/** #rrggbb for NGL where it takes it for a screen's signal and hands the light of it to the screen: in fog, say. */
export function asLight(colour: string): string {
  const channels = [1, 3, 5].map((at) => {
    const light = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    const signal = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
    return Math.round(255 * signal)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}

let software: boolean | undefined;

/** Whether the processor computes every pixel. */
export function isSoftware(): boolean {
  if (software !== undefined) return software;
  const context = document.createElement('canvas').getContext('webgl2');
  if (!context) return false;
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  software = /swiftshader|llvmpipe|software|basic render/i.test(String(name));
  return software;
}
