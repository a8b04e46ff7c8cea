/** What tests do to views beyond looking at them: open and close many, and stream into one. */
import { flushSync, mount, unmount } from 'svelte';
import FreeEnergyMap from '../views/map/FreeEnergyMap.svelte';
import { energyOfCounts } from '../views/map/free-energy.ts';
import MoleculeView from '../views/molecule/MoleculeView.svelte';
import { MoleculeStage } from '../views/molecule/molecule-stage.ts';
import { pngOf } from '../views/saving/save.ts';
import type { GalleryData, MoleculeData } from './data.ts';
import { chain, helix } from './helix.ts';
import Stream from './Stream.svelte';

const frame = () => new Promise(requestAnimationFrame);

async function drawn(target: HTMLElement): Promise<HTMLCanvasElement> {
  for (;;) {
    const canvas = target.querySelector('canvas');
    if (canvas && target.querySelector('[data-shown]')) return canvas;
    await frame();
  }
}

/** Opens and closes a molecule so often, one after the other; the canvases that were drawn on, as far as they live. */
export async function openAndClose(molecule: MoleculeData, times: number): Promise<WeakRef<HTMLCanvasElement>[]> {
  const canvases: WeakRef<HTMLCanvasElement>[] = [];
  for (let i = 0; i < times; i++) {
    const target = document.createElement('div');
    Object.assign(target.style, { width: '200px', height: '150px' });
    document.body.append(target);
    const view = mount(MoleculeView, {
      target,
      props: { structure: molecule.structure, positions: molecule.frames[0] },
    });
    flushSync();
    canvases.push(new WeakRef(await drawn(target)));
    await unmount(view);
    target.remove();
  }
  return canvases;
}

/** Pictures of a molecule asked for alone, and right after another that was then not yet read. */
export async function changeOfMind(other: MoleculeData, wanted: MoleculeData): Promise<[string, string]> {
  const picture = async (molecules: readonly MoleculeData[]): Promise<string> => {
    const target = document.createElement('div');
    Object.assign(target.style, { width: '300px', height: '200px' });
    document.body.append(target);
    const stage = await MoleculeStage.open(target, { ground: '#ffffff', accent: '#2558b8' }, () => {});
    await Promise.all(molecules.map(({ structure }) => stage.show(structure, 'licorice')));
    stage.greet();
    const image = new Uint8Array(await (await stage.image(1)).arrayBuffer());
    stage.dispose();
    target.remove();
    return btoa(String.fromCharCode(...image));
  };
  return [await picture([wanted]), await picture([other, wanted])];
}

export interface StreamRate {
  readonly frames: number;
  readonly seconds: number;
}

/** Shows a chain of beads that moves with every frame for so long. */
export async function stream(beads: number, seconds: number, style: 'beads' | 'trace'): Promise<StreamRate> {
  const target = document.createElement('div');
  Object.assign(target.style, { position: 'fixed', inset: '0', width: '720px', height: '560px' });
  document.body.append(target);
  const view = mount(Stream, { target, props: { structure: chain(beads), beads, style } });
  await drawn(target);
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < 1000 * seconds) {
    view.next();
    await frame();
    frames++;
  }
  const taken = (performance.now() - start) / 1000;
  await unmount(view);
  target.remove();
  return { frames, seconds: taken };
}

export interface TwoPictures {
  /** PNG: as the CPU draws it while it moves, and NGL at rest; the former is missing with a GPU. */
  readonly moving: string | undefined;
  readonly still: string;
  /** Whether the one that moves was gone at rest. */
  readonly gone: boolean;
  /** Of a channel of a pixel, 0 … 255, mean, among those within the molecule. */
  readonly difference: number;
  /** Of the pixels that show it in NGL's picture, those that do so in the other. */
  readonly covered: number;
}

/** One conformation twice: drawn as of a molecule that moves, and at rest. */
export async function movingPicture(beads: number, style: 'beads' | 'trace' | 'spacefill'): Promise<TwoPictures> {
  const target = document.createElement('div');
  const [width, height] = [480, 360];
  Object.assign(target.style, { position: 'fixed', inset: '0', width: `${width}px`, height: `${height}px` });
  document.body.append(target);
  const stage = await MoleculeStage.open(target, { ground: '#eef1f5', accent: '#3366cc' }, () => {});
  await stage.show(chain(beads), style);
  stage.greet();
  stage.turn(20, 10);
  for (let i = 0; i < 4; i++) {
    stage.move(Float32Array.from({ length: 3 * beads }, (_, at) => helix(Math.floor(at / 3))[at % 3]!));
    await frame();
    await frame();
  }
  const [, over] = target.querySelectorAll('canvas');
  const moving = over?.toDataURL();
  const still = await textOf(await stage.image(1));
  const gone = target.querySelectorAll('canvas').length === 1;
  stage.dispose();
  target.remove();
  if (!moving) return { moving, still, gone, difference: 0, covered: 1 };
  const [one, other] = [await pixelsOf(moving, width, height), await pixelsOf(still, width, height)];
  const isGround = (pixels: Uint8ClampedArray, at: number) =>
    [0xee, 0xf1, 0xf5].every((value, c) => Math.abs(pixels[4 * at + c]! - value) < 40);
  let [total, inner, inStill, inBoth] = [0, 0, 0, 0];
  for (let at = width; at < width * (height - 1); at++) {
    if (isGround(other, at)) continue;
    inStill++;
    if (!isGround(one, at)) inBoth++;
    // Edges are smoothed at rest.
    if ([at - 1, at + 1, at - width, at + width].some((beside) => isGround(other, beside))) continue;
    inner++;
    for (let c = 0; c < 3; c++) total += Math.abs(one[4 * at + c]! - other[4 * at + c]!) / 3;
  }
  return { moving, still, gone, difference: total / inner, covered: inBoth / inStill };
}

const textOf = (picture: Blob) =>
  new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.readAsDataURL(picture);
  });

async function pixelsOf(picture: string, width: number, height: number): Promise<Uint8ClampedArray> {
  const image = new Image();
  image.src = picture;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

/** Renews a map so often from counts that grow, with a walker on it: ms of work for each, waiting not counted. */
export async function growingMap({ axes, path }: GalleryData, times: number): Promise<number> {
  const target = document.createElement('div');
  Object.assign(target.style, { position: 'fixed', inset: '0', width: '560px', height: '480px' });
  document.body.append(target);
  const [nx, ny] = [64, 64];
  const counts = new Float32Array(nx * ny);
  const props = $state({ axes, surface: { bins: [nx, ny] as [number, number], energy: energyOfCounts(counts) }, path });
  const view = mount(FreeEnergyMap, { target, props });
  flushSync();
  await frame();
  let taken = 0;
  for (let time = 1; time <= times; time++) {
    for (let i = 0; i < 4000; i++) {
      const [x, y] = [Math.sin(i * 12.9898 + time), Math.cos(i * 78.233 + 2 * time)];
      counts[Math.floor((0.5 + 0.3 * x * y) * nx) * ny + Math.floor((0.5 + 0.4 * y) * ny)]! += 1;
    }
    const start = performance.now();
    props.surface = { bins: [nx, ny], energy: energyOfCounts(counts) };
    props.path = path.slice(2 * time, 2 * time + 120);
    flushSync();
    taken += performance.now() - start;
    await frame();
  }
  await unmount(view);
  target.remove();
  return taken / times;
}

/** A saved map: the figure, the table, and the size in bytes and pixels of the PNG. */
export async function savedMap({ axes, surfaces }: GalleryData) {
  const target = document.createElement('div');
  document.body.append(target);
  const view = mount(FreeEnergyMap, { target, props: { axes, surface: surfaces.reference, title: 'Reference' } });
  flushSync();
  const [svg, csv] = [view.svg()!, view.csv()!];
  await unmount(view);
  target.remove();
  const png = await pngOf(svg, 2);
  const { width, height } = await createImageBitmap(png);
  return { svg, csv, png: { bytes: png.size, type: png.type, width, height } };
}
