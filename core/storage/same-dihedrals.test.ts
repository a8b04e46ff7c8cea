/**
 * One trajectory of alanine dipeptide, converted to every format: its dihedrals are what mdtraj computes from the same
 * file, and what the original has, as near as the format keeps positions.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { askPython } from '../../build/python-peers.ts';
import { conformations } from '../analysis/geometry/conformations.ts';
import { dihedrals, type Quadruple } from '../analysis/geometry/dihedrals.ts';
import { Listener, temporaryFolder } from '../runs/small-run.test-support.ts';
import { convert } from './convert.ts';
import { openTrajectory } from './molecule-files.ts';

const DATA = resolve('../shared/data/aldp');
const FRAMES = 400;
const STRIDE = 50;
/** C N Cα C and N Cα C N. */
const PHI: Quadruple = [4, 6, 8, 14];
const PSI: Quadruple = [6, 8, 14, 16];

/** nm: by how much a coordinate may be off, with that of the original in single precision. */
const ROUNDING = {
  trr: 0,
  xyz: 0,
  // Multiplied with ten and divided by it in single precision.
  dcd: 1e-7,
  pdb: 0.5e-4,
  cif: 0.5e-6,
  // The precision of XTC here, and the decimals of GRO.
  xtc: 0.5e-4,
  gro: 0.5e-3,
};
type Format = keyof typeof ROUNDING;
const FORMATS = Object.keys(ROUNDING) as Format[];
const READ_BY_MDTRAJ: readonly Format[] = ['xtc', 'trr', 'dcd', 'pdb', 'gro'];

const SCRIPT = `
import json
topology, *paths = sys.argv[1:]
quadruples = [[4, 6, 8, 14], [6, 8, 14, 16]]
def angles(path):
    frames = mdtraj.load(path) if path.endswith(('pdb', 'gro')) else mdtraj.load(path, top=topology)
    return mdtraj.compute_dihedrals(frames, quadruples, periodic=False).astype(float).T.tolist()
print(json.dumps([angles(path) for path in paths]))
`;

/** Degrees, of two angles in rad, the short way round. */
function apart(a: number, b: number): number {
  const turns = (a - b) / (2 * Math.PI);
  return 360 * Math.abs(turns - Math.round(turns));
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, angle, i) => Math.max(most, apart(angle, b[i]!)), 0);
};

describe.skipIf(!existsSync(DATA))('alanine dipeptide (skipped without ../shared/data)', () => {
  const folder = temporaryFolder();
  afterAll(() => folder[Symbol.dispose]());
  const topology = `${DATA}/topology.pdb`;
  const pathOf = (format: Format) => folder.in(`aldp.${format}`);

  async function anglesOf(path: string): Promise<ArrayLike<number>[]> {
    await using file = await openTrajectory(path);
    const positions: number[] = [];
    for (let i = 0; i < file.reader.frames; i++) positions.push(...(await file.reader.frame(i)).positions);
    return dihedrals(conformations(Float64Array.from(positions), 22), [PHI, PSI]);
  }

  test('φ and ψ are the same from seven formats, and the same as from mdtraj', async ({ annotate }) => {
    const listener = new Listener();
    // Single precision: nothing is rounded in it yet.
    const whole = folder.in('original.npy');
    const part = { start: 1, stride: STRIDE, end: 1 + STRIDE * (FRAMES - 1) };
    await convert({ from: [`${DATA}/reference.npz`], to: whole, topology, ...part }, listener);
    for (const format of FORMATS) {
      const precision = format === 'xtc' ? 10_000 : undefined;
      await convert({ from: [whole], to: pathOf(format), topology, precision, stride: 1, start: 1 }, listener);
    }
    const original = await anglesOf(whole);
    expect(original[0]).toHaveLength(FRAMES);
    const theirs = askPython(['mdtraj'], SCRIPT, topology, ...READ_BY_MDTRAJ.map(pathOf)) as number[][][] | undefined;
    for (const format of FORMATS) {
      const ours = await anglesOf(pathOf(format));
      for (const [which, angle] of ['φ', 'ψ'].entries()) {
        // Twelve coordinates are off, each seen from 0.1 nm or farther; half of what this allows is reached.
        const allowed = ((ROUNDING[format] + 2e-8) / 0.1) * Math.sqrt(12) * 2 * (180 / Math.PI);
        expect(farthest(ours[which]!, original[which]!), `${angle} from ${format}`).toBeLessThan(allowed);
        const peer = theirs?.[READ_BY_MDTRAJ.indexOf(format)]?.[which];
        if (peer) expect(farthest(ours[which]!, peer), `${angle} from ${format}, mdtraj`).toBeLessThan(1e-3);
      }
    }
    if (!theirs) await annotate('Python has no mdtraj: nobody to compare with');
  });
});
