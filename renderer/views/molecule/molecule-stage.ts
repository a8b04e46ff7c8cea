/**
 * The one owner of an NGL stage: what it shows, where the atoms are, and its end. Lengths come in as nm and are handed
 * on as Å. A new conformation moves the atoms that are there and builds nothing anew; the centre of the molecule stays
 * where that of its first conformation was, so that a molecule that drifts does not leave the picture.
 * Not here: the element around it and what a person may choose (MoleculeView.svelte).
 */
import type { Structure } from '../../../core/host/contract.ts';
import type { BallsAndTubes } from './balls-and-tubes.ts';
import { type DrawnStyle, kindOf, type MoleculeKind, representationsOf } from './molecule-style.ts';
import { isSameMolecule, positionsIn } from './molecule-text.ts';
import { ballsAndTubes, type DrawnRepresentation, MovingPicture } from './moving-picture.ts';
import {
  asLight,
  loadNgl,
  type Ngl,
  type NglComponent,
  type NglPick,
  type NglRepresentation,
  type NglStage,
} from './ngl.ts';
import { NglRest } from './ngl-idle.ts';
import { canvasOf, loseContext, openStage } from './ngl-private.ts';

const ANGSTROM = 10;
/** Room before and behind the molecule that is drawn, in radii of its first conformation. */
const DEPTH = 2.5;
/** Half of the angle of view. */
const HALF_VIEW = (20 * Math.PI) / 180;
/** Å of balls beyond the outermost atom. */
const MARGIN = 1;
/** Fraction of the thin conformations that are to be completely visible. */
const MOSTLY = 0.9;
/** Conformations so many times as large as what the view was made for make it larger. */
const OUTGROWN = 1.3;
/** Conformations that follow each other so soon are a movement, ms. */
const MOVING = 250;

interface Shown {
  readonly component: NglComponent;
  readonly structure: Structure;
  readonly kind: MoleculeKind;
  readonly style: DrawnStyle | undefined;
  /** If that is all that the style consists of. */
  readonly balls: BallsAndTubes | undefined;
  /** Å, as they were handed on last. */
  readonly scaled: Float32Array;
}

export interface StageColours {
  readonly ground: string;
  readonly accent: string;
}

export class MoleculeStage {
  readonly #ngl: Ngl;
  readonly #stage: NglStage;
  readonly #canvas: HTMLCanvasElement;
  readonly #onLost: (event: Event) => void;
  #colours: StageColours;
  #shown: Shown | undefined;
  /** Counts what was asked to be shown: NGL reads a structure later, and by then another may be wanted. */
  #turn = 0;
  /** Whether it was not yet turned to the front. */
  #unseen = false;
  #others: NglComponent | undefined;
  #marks: NglRepresentation | undefined;
  /** From the middle to the outermost atom, Å. */
  #extent = 5;
  /** The same of the thin conformations beside it. */
  #othersExtent = 0;
  /** The larger of the two when the view was filled last. */
  #centredExtent = 5;
  /** That the planes of the picture leave room for, Å. */
  #radius = 0;
  readonly #rests: NglRest;
  readonly #movingPicture: MovingPicture | undefined;
  #lastMove = Number.NEGATIVE_INFINITY;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** While a picture of it is made. */
  #poses = false;

  private constructor(ngl: Ngl, element: HTMLElement, colours: StageColours, onLost: () => void) {
    this.#ngl = ngl;
    this.#colours = colours;
    this.#stage = openStage(ngl, element, {
      backgroundColor: colours.ground,
      tooltip: true,
      clipScale: 'absolute',
      clipDist: 0.5,
      workerDefault: false,
    });
    this.#stage.keyControls.clear();
    // They would move the planes of the picture, which follow the molecule here.
    for (const trigger of ['scroll-ctrl', 'scroll-shift', 'scroll-ctrl+shift']) {
      this.#stage.mouseControls.remove(trigger);
    }
    this.#canvas = canvasOf(this.#stage);
    this.#rests = new NglRest(this.#stage, element);
    this.#movingPicture = MovingPicture.over(this.#stage, element, () => this.#place());
    this.#onLost = (event) => {
      event.preventDefault();
      onLost();
    };
    this.#canvas.addEventListener('webglcontextlost', this.#onLost);
  }

  static async open(element: HTMLElement, colours: StageColours, onLost: () => void): Promise<MoleculeStage> {
    return new MoleculeStage(await loadNgl(), element, colours, onLost);
  }

  /** Draws a molecule instead of the one before; one that is the same but for its conformation only moves. */
  async show(structure: Structure, style: DrawnStyle): Promise<void> {
    if (this.#shown && isSameMolecule(this.#shown.structure, structure)) {
      this.#shown = { ...this.#shown, structure };
      this.move(positionsIn(structure));
      return;
    }
    this.#comeToRest();
    this.#shown = undefined;
    this.#marks = undefined;
    this.#others = undefined;
    this.#stage.removeAllComponents();
    const turn = ++this.#turn;
    const file = new Blob([structure.pdb], { type: 'text/plain' });
    const component = await this.#stage.loadFile(file, {
      ext: 'pdb',
      defaultRepresentation: false,
      firstModelOnly: true,
    });
    if (turn !== this.#turn) return this.#stage.removeComponent(component);
    setBonds(component, structure);
    const kind = kindOf(structure);
    this.#shown = {
      component,
      structure,
      kind,
      style: undefined,
      balls: undefined,
      scaled: new Float32Array(3 * structure.atoms),
    };
    this.draw(style);
    this.move(positionsIn(structure));
    this.#unseen = true;
  }

  /** Draws the same molecule in another style. */
  draw(style: DrawnStyle): void {
    const shown = this.#shown;
    if (!shown || shown.style === style) return;
    const { component, structure, kind } = shown;
    component.removeAllRepresentations();
    this.#marks = undefined;
    const drawn = representationsOf(style, kind).map(
      ({ name, parameters }): DrawnRepresentation => ({
        name,
        representation: component.addRepresentation(name, parameters),
      }),
    );
    this.#shown = { ...shown, style, balls: ballsAndTubes(drawn, structure.atoms, structure.bonds) };
    this.#comeToRest();
  }

  /** Moves the atoms: nm, atom after atom. */
  move(positions: Float32Array): void {
    const shown = this.#shown;
    if (!shown || positions.length !== shown.scaled.length) return;
    centred(positions, shown.scaled);
    this.#extent = extentOf(shown.scaled);
    this.#giveRoom();
    if (!this.#isMoving()) {
      this.#place();
      return;
    }
    this.#movingPicture!.show(shown.balls!, shown.scaled, {
      room: DEPTH * this.#radius,
      ground: bytesOf(this.#colours.ground),
    });
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#comeToRest(), MOVING);
  }

  /** Thin lines of more conformations of the same molecule, nm, one after the other. */
  overlay(positions: Float32Array | undefined): void {
    if (this.#others) this.#stage.removeComponent(this.#others);
    this.#others = undefined;
    this.#othersExtent = 0;
    const shown = this.#shown;
    if (!shown || !positions || positions.length === 0) return;
    this.#comeToRest();
    const { atoms, bonds } = shown.structure;
    const conformations = Math.floor(positions.length / (3 * atoms));
    const segments = (conformations * bonds.length) / 2;
    const position1 = new Float32Array(3 * segments);
    const position2 = new Float32Array(3 * segments);
    const scaled = new Float32Array(3 * atoms);
    const extents = new Float32Array(conformations);
    let at = 0;
    for (let c = 0; c < conformations; c++) {
      centred(positions.subarray(3 * atoms * c, 3 * atoms * (c + 1)), scaled);
      extents[c] = extentOf(scaled);
      for (let b = 0; b + 1 < bonds.length; b += 2, at += 3) {
        position1.set(scaled.subarray(3 * bonds[b]!, 3 * bonds[b]! + 3), at);
        position2.set(scaled.subarray(3 * bonds[b + 1]!, 3 * bonds[b + 1]! + 3), at);
      }
    }
    const color = new Float32Array(3 * segments);
    const [r, g, b] = bytesOf(this.#colours.accent).map((byte) => byte / 255) as [number, number, number];
    for (let i = 0; i < color.length; i += 3) color.set([r, g, b], i);
    const shape = new this.#ngl.Shape('conformations', {});
    shape.addBuffer(
      new this.#ngl.WidelineBuffer({ position1, position2, color, color2: color }, { linewidth: 2, opacity: 0.5 }),
    );
    this.#others = this.#stage.addComponentFromObject(shape);
    this.#others.addRepresentation('buffer', { opacity: 0.5 });
    // A few that are torn apart leave the picture; nearly all the others are to be seen.
    this.#othersExtent = extents.sort()[Math.floor(MOSTLY * (conformations - 1))]!;
    this.#giveRoom();
    if (!this.#unseen && this.#wholeExtent > OUTGROWN * this.#centredExtent) this.centre();
  }

  /** Highlights atoms by index. */
  highlight(atoms: ArrayLike<number> | undefined): void {
    const shown = this.#shown;
    if (!shown) return;
    if (this.#marks) shown.component.removeRepresentation(this.#marks);
    this.#marks = undefined;
    if (!atoms || atoms.length === 0) return;
    this.#comeToRest();
    this.#marks = shown.component.addRepresentation('spacefill', {
      // NGL looks them up by halves.
      sele: `@${Uint32Array.from(atoms).sort().join(',')}`,
      color: this.#colours.accent,
      opacity: 0.45,
      radiusType: 'size',
      radiusSize: shown.kind.coarse ? 0.8 : 0.55,
    });
  }

  colour(colours: StageColours): void {
    this.#colours = colours;
    this.#stage.setParameters({ backgroundColor: colours.ground, fogColor: asLight(colours.ground) });
  }

  /** Index of the atom under the pointer, or undefined. */
  onPoint(listener: (atom: number | undefined) => void): void {
    this.#stage.mouseControls.add('hoverPick', (_: NglStage, pick: NglPick | undefined) => listener(pick?.atom?.index));
  }

  /** The widest side of a molecule that is new turns to the front, and all of it fills the view. */
  greet(): void {
    if (!this.#shown || !this.#unseen) return;
    this.#unseen = false;
    const axes = this.#shown.component.structure.getPrincipalAxes();
    this.#stage.animationControls.rotate(axes.getRotationQuaternion(), 0);
    // NGL stands the longest axis up; most views are wider than they are high.
    if (this.#canvas.width > this.#canvas.height) this.#stage.viewerControls.spin([0, 0, 1], Math.PI / 2);
    this.centre();
  }

  /** All of the molecule fills the view, as it is now. */
  centre(milliseconds = 0): void {
    const { width, height } = this.#canvas;
    this.#centredExtent = this.#wholeExtent;
    const radius = 0.9 * this.#wholeExtent + MARGIN;
    const distance = radius / Math.sin(HALF_VIEW) / Math.min(1, width / Math.max(1, height));
    const { viewerControls, animationControls } = this.#stage;
    if (milliseconds > 0) {
      this.#rests.wake();
      animationControls.zoomMove(this.#stage.getCenter().set(0, 0, 0), -distance, milliseconds);
    } else {
      viewerControls.center([0, 0, 0]);
      viewerControls.distance(distance);
    }
  }

  turn(right: number, down: number): void {
    this.#stage.trackballControls.rotate(-right, down);
  }

  zoom(steps: number): void {
    this.#stage.trackballControls.zoom(steps);
  }

  resize(): void {
    this.#stage.handleResize();
  }

  /** A PNG, `factor` times as fine as the screen. */
  async image(factor: number, transparent = false): Promise<Blob> {
    this.#comeToRest();
    this.#poses = true;
    // In a picture, not on the screen, NGL takes the ground for light.
    this.#stage.setParameters({ backgroundColor: asLight(this.#colours.ground) });
    try {
      return await this.#stage.makeImage({ factor, antialias: true, trim: false, transparent });
    } finally {
      this.#stage.setParameters({ backgroundColor: this.#colours.ground });
      this.#poses = false;
    }
  }

  dispose(): void {
    this.#turn++;
    clearTimeout(this.#rest);
    this.#rests.dispose();
    this.#movingPicture?.dispose();
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost);
    this.#stage.removeAllComponents();
    this.#stage.dispose();
    loseContext(this.#stage);
    this.#canvas.remove();
  }

  /** Whether NGL is relieved of this conformation, since the next one is near. */
  #isMoving(): boolean {
    const now = performance.now();
    const moves = now - this.#lastMove < MOVING;
    this.#lastMove = now;
    const canPaint = this.#movingPicture && this.#shown?.balls && !this.#others && !this.#marks;
    return Boolean(canPaint) && moves && !this.#poses;
  }

  /** NGL has the atoms where they are. */
  #place(): void {
    const { component, scaled } = this.#shown!;
    component.structure.updatePosition(scaled, false);
    component.updateRepresentations({ position: true });
  }

  #comeToRest(): void {
    clearTimeout(this.#rest);
    if (!this.#movingPicture?.isShown) return;
    this.#place();
    this.#movingPicture.rest();
  }

  get #wholeExtent(): number {
    return Math.max(this.#extent, this.#othersExtent);
  }

  /** Grows what is drawn with the molecule: its planes would cut off what is farther out than in the beginning. */
  #giveRoom(): void {
    const radius = Math.max(6, this.#wholeExtent);
    if (radius < this.#radius && radius > 0.5 * this.#radius) return;
    this.#radius = 1.2 * radius;
    const room = DEPTH * this.#radius;
    this.#stage.setParameters({ clipNear: room, clipFar: room, fogNear: 0, fogFar: room });
  }
}

/** From the origin to the outermost atom. */
function extentOf(positions: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < positions.length; i += 3) {
    largest = Math.max(largest, positions[i]! ** 2 + positions[i + 1]! ** 2 + positions[i + 2]! ** 2);
  }
  return Math.sqrt(largest);
}

/** The bonds that the host knows of instead of those that NGL guesses from names and distances. */
function setBonds({ structure }: NglComponent, { bonds }: Structure): void {
  const first = structure.getAtomProxy(0);
  const second = structure.getAtomProxy(0);
  structure.bondStore.clear();
  for (let b = 0; b + 1 < bonds.length; b += 2) {
    first.index = bonds[b]!;
    second.index = bonds[b + 1]!;
    structure.bondStore.addBond(first, second, 1);
  }
  structure.finalizeBonds();
  // What shows it counted the bonds before.
  structure.refreshPosition();
}

/** nm to Å, with the mean at the origin. */
function centred(positions: Float32Array, into: Float32Array): void {
  const atoms = into.length / 3;
  let x = 0;
  let y = 0;
  let z = 0;
  for (let i = 0; i < into.length; i += 3) {
    x += positions[i]!;
    y += positions[i + 1]!;
    z += positions[i + 2]!;
  }
  for (let i = 0; i < into.length; i += 3) {
    into[i] = ANGSTROM * (positions[i]! - x / atoms);
    into[i + 1] = ANGSTROM * (positions[i + 1]! - y / atoms);
    into[i + 2] = ANGSTROM * (positions[i + 2]! - z / atoms);
  }
}

/** Of #rrggbb, each 0 … 255. */
function bytesOf(colour: string): [number, number, number] {
  const channel = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [channel(1), channel(3), channel(5)];
}
