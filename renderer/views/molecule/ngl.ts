/**
 * NGL, loaded when the first molecule is drawn, and the few of its names that this window uses, with types of our own:
 * its declarations lean on packages that its prebuilt library already contains. Lengths are Å, as everywhere in NGL.
 * What it needs of a content policy is scripts from 'self' and nothing else: as it is used here it compiles no text,
 * starts no worker (its molecular surfaces would, from `blob:`) and loads nothing.
 * What NGL does not promise is in ngl-private.ts.
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

/** What the pointer is over. */
export interface NglPick {
  readonly atom?: NglAtom;
}

export interface NglStage {
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

/** Whether WebGL runs on a software adapter. */
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
