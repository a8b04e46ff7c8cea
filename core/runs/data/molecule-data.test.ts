/** From files of a molecule to what a model learns from: beads, whole and centred, and sentences where that fails. */
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { dcdWriter } from '../../formats/dcd.ts';
import { pdbWriter } from '../../formats/pdb.ts';
import type { Frame } from '../../formats/trajectory.ts';
import { xtcWriter } from '../../formats/xtc.ts';
import { alanineDipeptide } from '../../systems/molecule.test-support.ts';
import type { Cell } from '../../systems/periodic/cell.ts';
import type { Topology } from '../../systems/topology.ts';
import { chainFrames, chainTopology, fileOf, framesIn, writeMolecule } from '../small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../small-run.test-support.ts';
import { loadMolecule } from './molecule-data.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const settings = { beads: 'all', groups: [] as string[], stride: 1, forceMap: 'own' as const };
async function load(source: { structure: string; trajectories?: string[] }, changes: Partial<typeof settings> = {}) {
  const listener = new Listener();
  const task = listener.task('reading');
  const full = { trajectories: [], use: 'train' as const, weights: null, ...source };
  const loaded = await loadMolecule(full, { ...settings, ...changes }, task, (line) => listener.say(line));
  return { ...loaded, said: listener.said, reports: listener.reports.get('reading')! };
}

/** What a person reads when it fails. */
async function sentence(...given: Parameters<typeof load>): Promise<string> {
  const error = await load(...given).then(
    () => 'it was accepted',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ErgodicError);
  return (error as Error).message.replaceAll(`${parent.path}/`, '');
}

let files = 0;
const named = (ending: string) => parent.in(`file-${files++}${ending}`);
function xtc(positions: Float32Array, atoms: number, cell?: Cell): string {
  const path = named('.xtc');
  writeFileSync(path, fileOf(xtcWriter({ atoms, precision: 1e5 }), framesIn(positions, atoms, cell)));
  return path;
}
function pdb(topology: Topology, frames: readonly Frame[]): string {
  const path = named('.pdb');
  writeFileSync(path, fileOf(pdbWriter(topology), frames));
  return path;
}

/** Frames about their centres of geometry. */
function centred(positions: ArrayLike<number>, atoms: number): number[] {
  const values = Array.from(positions);
  for (let start = 0; start < values.length; start += 3 * atoms) {
    for (let axis = 0; axis < 3; axis++) {
      let mean = 0;
      for (let atom = 0; atom < atoms; atom++) mean += values[start + 3 * atom + axis]! / atoms;
      for (let atom = 0; atom < atoms; atom++) values[start + 3 * atom + axis]! -= mean;
    }
  }
  return values;
}

function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-5) {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(tolerance);
}

const chain = chainTopology(['ALA', 'GLY', 'SER', 'VAL', 'LEU']);
const positions = chainFrames(5, 40, 3);
const { structure, trajectories } = writeMolecule(parent.in('chain'), chain, positions);
const row = (frame: number) => positions.slice(15 * frame, 15 * (frame + 1));

describe('which frames', () => {
  test('several trajectories follow one another, of any format, each from its own beginning at a stride', async () => {
    const dcd = named('.dcd');
    const last = framesIn(positions.slice(15 * 30), 5).map(({ positions: own }) => ({ positions: own }));
    writeFileSync(dcd, fileOf(dcdWriter({ atoms: 5, cell: false }), last));
    const files = [xtc(positions.slice(0, 15 * 13), 5), xtc(positions.slice(15 * 13, 15 * 30), 5), dcd];
    const { data, pieces, topology, reports } = await load({ structure, trajectories: files });
    expect(data).toMatchObject({ dimension: 15, count: 40 });
    expect(pieces).toEqual([13, 17, 10]);
    expectNear(data.values, centred(positions, 5));
    expect(topology.bonds).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    expect(reports.at(-1)).toEqual({ done: 40, total: 40, unit: 'frames' });

    const thinned = await load({ structure, trajectories: files }, { stride: 5 });
    expect(thinned.pieces).toEqual([3, 4, 2]);
    const kept = [0, 5, 10, 13, 18, 23, 28, 30, 35];
    expectNear(thinned.data.values, centred(Float32Array.from(kept.flatMap((frame) => [...row(frame)])), 5));
  });

  test("without a trajectory the structure's own models are the conformations", async () => {
    const models = pdb(chain, framesIn(positions.slice(0, 60), 5));
    const { data, name } = await load({ structure: models });
    expect(data.count).toBe(4);
    // Å with three decimals.
    expectNear(data.values, centred(positions.slice(0, 60), 5), 2e-4);
    expect(models.endsWith(`${name}.pdb`)).toBe(true);
  });

  test('too few, and none', async () => {
    expect(await sentence({ structure })).toBe('`chain.pdb` holds one frame, and at least 2 are needed.');
    expect(await sentence({ structure, trajectories }, { stride: 40 })).toBe(
      '`chain.xtc` holds one frame to use at a `system.stride` of 40, and at least 2 are needed.',
    );
    const one = xtc(row(0), 5);
    expect((await load({ structure, trajectories: [one, one] })).data.count).toBe(2);
    const psf = named('.psf');
    writeFileSync(psf, 'PSF\n\n       1 !NTITLE\n none\n\n       1 !NATOM\n       1 A 1 ALA CA CT 0.0 12.011 0\n');
    expect(await sentence({ structure: psf })).toMatch(/has no coordinates: add its trajectories\.$/);
  });

  test('a trajectory of other atoms, a structure that is none, files that are not there', async () => {
    const other = xtc(chainFrames(4, 3, 1), 4);
    expect(await sentence({ structure, trajectories: [trajectories[0]!, other] })).toMatch(
      /^`file-\d+\.xtc` has 4 atoms per frame, `chain.pdb` has 5: choose the structure that belongs to it\.$/,
    );
    expect(await sentence({ structure: trajectories[0]! })).toMatch(/^`chain.xtc` is XTC, which does not say/);
    expect(await sentence({ structure, trajectories: [parent.in('none.xtc')] })).toBe(
      '`none.xtc` does not exist: check the spelling.',
    );
    expect(await sentence({ structure, trajectories: [parent.in('none.abc')] })).toMatch(/no ending of a known format/);
  });

  test('a number that is none, by the frame of its own file', async () => {
    const broken = positions.slice(0, 15 * 8);
    broken[15 * 6 + 4] = Number.NaN;
    const file = xtc(broken, 5);
    const words = /^`file-\d+\.xtc`: a position in frame 7 is not finite: remove that frame\.$/;
    expect(await sentence({ structure, trajectories: [trajectories[0]!, file] })).toMatch(words);
    expect(await sentence({ structure, trajectories: [file] }, { stride: 3 })).toMatch(words);
    broken.fill(Number.POSITIVE_INFINITY);
    expect(await sentence({ structure, trajectories: [xtc(broken, 5)] })).toContain('frame 1 is not finite');
    // Of an atom that is no bead it does not matter.
    expect((await load({ structure, trajectories: [file] }, { beads: '1 or 3 or 4 or 5' })).data.count).toBe(8);
  });

  test('a trajectory that is cut off says so, and what is whole of it is used', async () => {
    const whole = fileOf(xtcWriter({ atoms: 5 }), framesIn(positions, 5));
    const cut = named('.xtc');
    writeFileSync(cut, whole.subarray(0, whole.length - 10));
    const { data, said } = await load({ structure, trajectories: [cut] });
    expect(data.count).toBe(39);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(cut);
  });

  test('a stop is obeyed', async () => {
    const listener = new Listener();
    const task = listener.task('reading');
    listener.stop.abort(new Error('enough'));
    const source = { structure, trajectories, use: 'train' as const, weights: null };
    await expect(loadMolecule(source, settings, task, () => undefined)).rejects.toThrow('enough');
  });
});

describe('which beads', () => {
  const { topology: dipeptide, positions: folded } = alanineDipeptide();
  /** Ten frames of it, here and there. */
  const moving = Float32Array.from({ length: 10 * folded.length }, (_, i) => {
    const [frame, at] = [Math.floor(i / folded.length), i % folded.length];
    return folded[at]! + 0.01 * Math.sin(frame + 7 * at) + frame * (at % 3);
  });
  const source = writeMolecule(parent.in('dipeptide'), dipeptide, moving);
  const picked = (places: readonly number[]) =>
    Array.from({ length: 10 }, (_, frame) =>
      places.flatMap((place) =>
        [0, 1, 2].map((axis) => Math.fround(moving[frame * folded.length + 3 * place + axis]!)),
      ),
    ).flat();

  test('a preset, or a selection, is a bead for each atom, with its name, element, mass and bonds', async () => {
    const five = await load(source, { beads: 'alanine-dipeptide-5' });
    expect(five.topology.atoms.map(({ name, element }) => [name, element])).toEqual([
      ['C', 'C'],
      ['N', 'N'],
      ['CA', 'C'],
      ['C', 'C'],
      ['N', 'N'],
    ]);
    expect(five.topology.residues.map(({ name }) => name)).toEqual(['ACE', 'ALA', 'NME']);
    expect(five.topology.atoms[1]!.mass).toBeCloseTo(14.007, 2);
    expect(five.topology.bonds).toHaveLength(4);
    expectNear(five.data.values, centred(picked([4, 6, 8, 14, 16]), 5));
    const heavy = await load(source, { beads: 'not hydrogen' });
    expect(heavy.topology.atoms).toHaveLength(10);
    expect((await load(source, { beads: 'all' })).data.dimension).toBe(66);
  });

  test('a group is one bead at its centre of mass, and goes before the beads', async () => {
    const { data, topology } = await load(source, { beads: 'ca', groups: ['ACE', 'ALA', 'NME'] });
    expect(topology.atoms.map(({ name }) => name)).toEqual(['X1', 'X1', 'X1']);
    expect(topology.bonds).toEqual([
      [0, 1],
      [1, 2],
    ]);
    const masses = { C: 12.011, N: 14.007, O: 15.999, H: 1.008 } as Record<string, number>;
    const weights = dipeptide.atoms.map(({ element }) => masses[element]!);
    const centreOfAce = [0, 1, 2].map((axis) => {
      const places = [0, 1, 2, 3, 4, 5];
      const total = places.reduce((sum, place) => sum + weights[place]!, 0);
      return places.reduce((sum, place) => sum + (weights[place]! * moving[3 * place + axis]!) / total, 0);
    });
    const ala = [0, 1, 2].map((axis) => data.values[3 + axis]! - data.values[axis]!);
    const places = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    const total = places.reduce((sum, place) => sum + weights[place]!, 0);
    for (let axis = 0; axis < 3; axis++) {
      const centre = places.reduce((sum, place) => sum + (weights[place]! * moving[3 * place + axis]!) / total, 0);
      expect(ala[axis]).toBeCloseTo(centre - centreOfAce[axis]!, 3);
    }
  });

  test('beads that there are none of, one only, or too many of', async () => {
    expect(await sentence(source, { beads: 'ca and NME' })).toContain('holds none of the 22 atoms');
    expect(await sentence(source, { beads: 'ca' })).toBe(
      '`system.beads` selects only one bead of `dipeptide.pdb`; a model needs at least 2.',
    );
    expect(await sentence(source, { groups: ['protein or ACE'] })).toBe(
      '`system.groups` selects only one bead of `dipeptide.pdb`; a model needs at least 2.',
    );
    expect(await sentence(source, { beads: 'dipeptide' })).toContain('Beads called dipeptide need 2 amino acids');
    expect(await sentence(source, { beads: 'alanin-dipeptide-5' })).toContain('did you mean `alanine-dipeptide-5`?');
    expect(await sentence(source, { groups: ['ACE', '.CH3'] })).toContain('an atom belongs to one bead');
  });
});

describe('across the faces of a periodic cell', () => {
  const cell: Cell = [2, 0, 0, 0.5, 2.2, 0, 0.3, 0.4, 1.9];
  /** Every atom to an image in the cell, as a simulation program may write it. */
  function wrapped(values: Float32Array): Float32Array {
    const out = values.slice();
    for (let i = 0; i < out.length; i += 3) {
      for (let k = 2; k >= 0; k--) {
        const away = Math.floor(out[i + k]! / cell[3 * k + k]!);
        for (let axis = 0; axis < 3; axis++) out[i + axis]! -= away * cell[3 * k + axis]!;
      }
    }
    return out;
  }
  const drifting = (values: Float32Array, atoms: number) =>
    values.map((value, i) => value + 0.37 * Math.floor(i / (3 * atoms)) * (1 + (i % 3)));

  test('a molecule that was cut is whole again, atoms of a protein as well as Cα atoms alone', async () => {
    const { topology, positions: folded } = alanineDipeptide();
    const moving = drifting(
      Float32Array.from({ length: 66 * 12 }, (_, i) => folded[i % 66]!),
      22,
    );
    const atoms = writeMolecule(parent.in('cut'), topology, wrapped(moving), cell);
    expectNear((await load(atoms, { beads: 'all' })).data.values, centred(moving, 22), 1e-4);

    const travelling = drifting(positions, 5);
    const alone = writeMolecule(parent.in('cut-chain'), chain, wrapped(travelling), cell);
    expectNear((await load(alone, { beads: 'ca' })).data.values, centred(travelling, 5), 1e-4);
  });

  test('several molecules stay together, and solvent around them changes nothing', async () => {
    const two = {
      ...chainTopology(['ALA', 'GLY', 'SER', 'ALA', 'VAL', 'HOH', 'HOH']),
      chains: [
        { id: 'A', segment: '' },
        { id: 'B', segment: '' },
        { id: 'W', segment: '' },
      ],
    };
    const topology: Topology = {
      ...two,
      atoms: two.atoms.map((atom, i) => (i < 5 ? atom : { ...atom, name: 'O', element: 'O' })),
      residues: two.residues.map((residue, i) => ({ ...residue, chain: i < 3 ? 0 : i < 5 ? 1 : 2 })),
    };
    const frames = 9;
    const values = new Float32Array(21 * frames);
    for (let frame = 0; frame < frames; frame++) {
      const first = chainFrames(3, 1, 50 + frame);
      const second = chainFrames(2, 1, 90 + frame).map((value, i) => value + (i % 3 === 0 ? 0.5 : 0.2));
      values.set([...first, ...second, 0.1, 0.2, 0.3, 1, 1.5, 1.2], 21 * frame);
    }
    const moved = drifting(values, 7);
    const source = writeMolecule(parent.in('dimer'), topology, wrapped(moved), cell);
    const expected = Array.from({ length: frames }, (_, frame) => [...moved.slice(21 * frame, 21 * frame + 15)]).flat();
    expectNear((await load(source, { beads: 'ca' })).data.values, centred(expected, 5), 1e-4);
  });
});
