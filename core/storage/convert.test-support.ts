import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { pdbWriter } from '../formats/pdb.ts';
import type { Frame } from '../formats/trajectory.ts';
import { trrWriter } from '../formats/trr.ts';
import { xtcWriter } from '../formats/xtc.ts';
import { Listener, temporaryFolder } from '../runs/small-run.test-support.ts';
import { alanineDipeptide } from '../systems/molecule.test-support.ts';
import { type ConvertOptions, convert } from './convert.ts';
import { openMolecule } from './molecule-files.ts';

export const folder = temporaryFolder();
export const fixture = (name: string) => fileURLToPath(new URL(`../formats/fixtures/${name}`, import.meta.url));

export const { topology, positions: resting } = alanineDipeptide();
export const ATOMS = topology.atoms.length;
export const FRAMES = 5;
export const CELL = [3, 0, 0, 0.5, 3.125, 0, -0.25, 0.375, 3.25];
export const wave = (scale: number, frame: number) => Float32Array.from(resting, (_, i) => scale * Math.sin(i + frame));

export const original: Frame[] = Array.from({ length: FRAMES }, (_, frame) => ({
  positions: Float32Array.from(resting, (x, i) => x + 0.01 * Math.sin(7 * i + frame)),
  velocities: wave(0.5, frame),
  forces: wave(400, frame),
  cell: CELL,
  time: 1 + 0.5 * frame,
  step: 1000 + 500 * frame,
  energy: -100 + frame,
}));

let names = 0;
export const fresh = (extension: string): string => folder.in(`file-${names++}.${extension}`);

export function trr(frames: readonly Frame[], atoms = ATOMS): string {
  const path = fresh('trr');
  const writer = trrWriter({ atoms });
  writeFileSync(path, Buffer.concat(frames.map((frame) => writer.frame(frame))));
  return path;
}

export function xtc(frames: readonly Frame[], precision = 1000, atoms = ATOMS): string {
  const path = fresh('xtc');
  const writer = xtcWriter({ atoms, precision });
  writeFileSync(path, Buffer.concat(frames.map((frame) => writer.frame(frame))));
  return path;
}

/** One model, without a cell. */
export const structure = fresh('pdb');
const pdb = pdbWriter(topology, { frames: 1 });
writeFileSync(structure, Buffer.concat([pdb.head(), pdb.frame({ positions: original[0]!.positions }), pdb.end().tail]));
export const base = trr(original);

export async function converted(from: string | readonly string[], to: string, options: Partial<ConvertOptions> = {}) {
  const listener = new Listener();
  const files = typeof from === 'string' ? [from] : from;
  const result = await convert({ stride: 1, start: 1, ...options, from: files, to }, listener);
  return { ...result, reports: listener.reports.get('converting')! };
}

export async function contents(path: string) {
  await using file = await openMolecule(path);
  const frames: Frame[] = [];
  for (let i = 0; i < file.trajectory!.frames; i++) frames.push(await file.trajectory!.frame(i));
  return { frames, topology: file.topology, problems: file.problems, precision: file.trajectory!.precision };
}

export const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};
export const times = ({ frames }: { readonly frames: readonly Frame[] }) => frames.map(({ time }) => time);
