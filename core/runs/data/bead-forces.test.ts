/**
 * Forces and energies from files to what is trained on: read, mapped, in model units; one sentence where that fails.
 * Alanine dipeptide with its forces, where `../shared` has it: laws that mapped forces of any force field obey.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { encodeNpy } from '../../formats/npy.ts';
import type { Frame, TrajectoryWriter } from '../../formats/trajectory.ts';
import { trrWriter } from '../../formats/trr.ts';
import { xyzWriter } from '../../formats/xyz/writer.ts';
import type { ColumnName } from '../../models/columns.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { thermalEnergy } from '../../units.ts';
import {
  chainFrames,
  chainTopology,
  fileOf,
  framesIn,
  smallMolecularSpecification,
  writeMolecule,
} from '../small-molecule.test-support.ts';
import { Listener, smallSpecification, temporaryFolder, toyOf } from '../small-run.test-support.ts';
import { loadData, reloadData } from './load-data.ts';
import { loadMolecule } from './molecule-data.ts';
import { toyData } from './toy-data.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const [BEADS, FRAMES] = [4, 60];
const WIDTH = 3 * BEADS;
const topology = chainTopology(['ALA', 'GLY', 'SER', 'ALA']);
const positions = chainFrames(BEADS, FRAMES, 1);
const forceAt = (frame: number, i: number) => Math.fround(100 * Math.sin(1 + frame + 7 * i));
const energyAt = (frame: number) => -1e6 + 3 * frame;
const frames: readonly Frame[] = framesIn(positions, BEADS).map((frame, k) => ({
  ...frame,
  forces: Float32Array.from({ length: WIDTH }, (_, i) => forceAt(k, i)),
  energy: energyAt(k),
}));
const { structure, trajectories: bare } = writeMolecule(parent.in('chain'), topology, positions);

let files = 0;
function written(ending: string, writer: TrajectoryWriter, given = frames): string {
  const path = parent.in(`file-${files++}${ending}`);
  writeFileSync(path, fileOf(writer, given));
  return path;
}
const trr = (given = frames) => written('.trr', trrWriter({ atoms: BEADS }), given);
const xyz = (given = frames) => written('.xyz', xyzWriter(topology), given);

const learned: readonly ColumnName[] = ['positions', 'forces', 'energies'];
const load = (
  trajectories: readonly string[],
  columns: readonly ColumnName[],
  changes: Partial<Parameters<typeof loadMolecule>[1]> = {},
) =>
  loadMolecule(
    { structure, trajectories: [...trajectories], use: 'train', weights: null },
    { beads: 'ca', groups: [], stride: 1, forceMap: 'own', ...changes },
    new Listener().task('reading'),
    () => undefined,
    columns,
  );
async function sentence(...given: Parameters<typeof load>): Promise<string> {
  const error = await load(...given).then(
    () => 'it was accepted',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ErgodicError);
  return (error as Error).message.replaceAll(`${parent.path}/`, '');
}

describe('forces and energies of files', () => {
  test('are read when they are asked for, over all trajectories and at the stride, beside the same positions', async () => {
    const plain = await load([trr(), trr()], [], { stride: 7 });
    expect(plain).not.toHaveProperty('forces');
    expect(plain).not.toHaveProperty('energies');
    const found = await load([trr(), trr()], ['positions', 'forces'], { stride: 7 });
    expect(found.data).toEqual(plain.data);
    expect(found).not.toHaveProperty('energies');
    const used = [0, 7, 14, 21, 28, 35, 42, 49, 56];
    const once = used.flatMap((frame) => Array.from({ length: WIDTH }, (_, i) => forceAt(frame, i)));
    expect(found.forces).toEqual(Float32Array.from([...once, ...once]));
  });

  test('of extended XYZ in eV and Å arrive in kJ/mol and nm; energies from their mean, to the last thousandth', async () => {
    const { forces, energies } = await load([xyz()], learned);
    for (const [at, force] of forces!.entries()) {
      expect(force).toBeCloseTo(forceAt(Math.floor(at / WIDTH), at % WIDTH), 3);
    }
    expect(energies!.length).toBe(FRAMES);
    for (const [frame, energy] of energies!.entries()) expect(energy).toBeCloseTo(3 * (frame - (FRAMES - 1) / 2), 3);
  });

  test('become columns in model units, of the frames that are trained on; what is remembered of the data stays', async () => {
    const specification = (validation: number) =>
      smallMolecularSpecification([{ structure, trajectories: [xyz()] }], { validation, temperature: 320 });
    const kT = thermalEnergy(320);
    const { data, facts } = await loadData(specification(0), new Listener(), learned);
    const scale = data.system.scale;
    const { forces, energies } = data.training[0]!.columns;
    for (const [at, force] of forces!.values.entries()) {
      expect(force).toBeCloseTo((forceAt(Math.floor(at / WIDTH), at % WIDTH) * scale) / kT, 4);
    }
    for (const [frame, energy] of energies!.values.entries()) {
      expect(energy).toBeCloseTo((3 * (frame - (FRAMES - 1) / 2)) / kT, 4);
    }
    const without = await loadData(specification(0), new Listener());
    expect(without.facts).toEqual(facts);
    expect(without.data.training[0]!.columns.positions).toEqual(data.training[0]!.columns.positions);
    expect(without.data.training[0]!.columns.forces).toBeUndefined();

    const split = await loadData(specification(0.5), new Listener(), learned);
    const [kept] = split.data.training;
    const [aside] = split.data.validation;
    expect(kept!.count + aside!.count).toBe(FRAMES);
    const all = [kept!, aside!].flatMap(({ columns }) => [...columns.forces!.values]);
    expect(all.toSorted()).toEqual([...forces!.values].toSorted());
    expect(await reloadData({ specification: specification(0), ...facts }, new Listener(), learned)).toMatchObject({
      training: [{ columns: { forces, energies } }],
    });
  });

  test('nobody has: one sentence', async () => {
    const remedy = 'but this model trains on them: use a trajectory with';
    expect(await sentence([trr(), bare[0]!], ['forces'])).toBe(
      `\`chain.xtc\` has no forces, ${remedy} forces (TRR, extended XYZ, NPZ), or a method that does not need them.`,
    );
    expect(await sentence(bare, learned)).toContain('`chain.xtc` has no forces');
    const noEnergy = trr();
    expect(await sentence([xyz(), noEnergy, noEnergy], ['energies'])).toMatch(
      new RegExp(`^\`file-\\d+.trr\` and 1 more have no energies, ${remedy} energies`),
    );
    const weighted = loadData(smallMolecularSpecification([{ structure, trajectories: bare }]), new Listener(), [
      'weights',
    ]);
    await expect(weighted).rejects.toThrow('`chain` has no weights, but this model trains on them');
  });

  test('of molecules that are held out are not asked for', async () => {
    const sources = [
      { structure, trajectories: [xyz()] },
      { structure, trajectories: bare, use: 'test' as const },
    ];
    const { data } = await loadData(smallMolecularSpecification(sources), new Listener(), learned);
    expect(data.training.map(({ columns }) => columns.forces!.values.length)).toEqual([FRAMES * WIDTH]);
  });

  test.each(['own', 'aggregated'] as const)('one bad frame is named, with the map %s', async (forceMap) => {
    const spoiled = (changes: (frame: Frame) => Frame) => frames.map((frame, k) => (k === 6 ? changes(frame) : frame));
    const nan = spoiled((frame) => ({ ...frame, forces: frame.forces!.map((f, i) => (i === 4 ? Number.NaN : f)) }));
    expect(await sentence([trr(nan)], ['forces'], { forceMap })).toMatch(
      /^`file-\d+.trr`: a force in frame 7 is not finite: remove that frame\.$/,
    );
    const lacking = spoiled(({ forces: _, ...frame }) => frame);
    expect(await sentence([trr(lacking)], ['forces'], { forceMap })).toMatch(
      /^`file-\d+.trr`: frame 7 has no forces but other frames do: choose a `system.stride` at which every frame has them/,
    );
    // At a stride that passes it by, it is nobody's trouble.
    expect((await load([trr(lacking)], ['forces'], { forceMap, stride: 4 })).forces).toBeDefined();
  });

  test('a frame with no energy among others is named', async () => {
    const lacking = frames.map((frame, k) => (k === 3 ? { ...frame, energy: Number.NaN } : frame));
    const message = await sentence([xyz(lacking)], ['energies']);
    expect(message).toMatch(/^`file-\d+.xyz`: (frame 4 has no energy|the energy in frame 4 is not finite)/);
  });
});

describe('a toy has its own in closed form', () => {
  const specification = smallSpecification();
  const system = toySystem(toyOf(specification).kind);

  test('at every sample, in model units', async () => {
    const { data } = await loadData(specification, new Listener(), learned);
    const { positions: x, forces, energies } = data.training[0]!.columns;
    const force = new Float64Array(system.dimension);
    for (let i = 0; i < data.training[0]!.count; i++) {
      const at = x.values.subarray(i * system.dimension, (i + 1) * system.dimension);
      system.force(at, force);
      const found = forces!.values.subarray(i * system.dimension, (i + 1) * system.dimension);
      const rounded = Float32Array.from(force, (f) => Math.fround(f) / system.kT);
      for (const [axis, value] of found.entries()) {
        expect(Math.abs(value - rounded[axis]!)).toBeLessThanOrEqual(1e-6 * Math.abs(value));
      }
      expect(energies!.values[i]).toBe(Math.fround(Math.fround(system.energy(at)) / system.kT));
    }
    const plain = (await loadData(specification, new Listener())).data.training[0]!.columns;
    expect(plain.positions).toEqual(x);
    expect(plain.forces).toBeUndefined();
  });

  test('also of samples from a file, which are what they were', async () => {
    const { values, count, dimension } = await toyData(toyOf(specification), new Listener().task('data'));
    const path = parent.in('samples.npy');
    writeFileSync(path, encodeNpy({ shape: [count, dimension], data: values }));
    const own = { ...specification, system: { ...toyOf(specification), data: path } };
    const { data, facts } = await loadData(own, new Listener(), learned);
    const generated = (await loadData(specification, new Listener(), learned)).data;
    expect(data.training[0]!.columns).toEqual(generated.training[0]!.columns);
    expect((await loadData(own, new Listener())).facts).toEqual(facts);
  });
});

const ALANINE = new URL('../../../../shared/data/aldp/', import.meta.url);
const missing = !existsSync(ALANINE);
if (missing) console.warn('`../shared/data/aldp` is missing: forces of alanine dipeptide are not looked at.');

describe.skipIf(missing)('forces of alanine dipeptide at 300 K', () => {
  const kT = thermalEnergy(300);
  const loadAlanine = async (beads: string, forceMap: 'own' | 'aggregated', stride: number) => {
    const loaded = await loadMolecule(
      {
        structure: new URL('topology.pdb', ALANINE).pathname,
        trajectories: [new URL('reference.npz', ALANINE).pathname],
        use: 'train',
        weights: null,
      },
      { beads, groups: [], stride, forceMap },
      new Listener().task('reading'),
      () => undefined,
      ['positions', 'forces', 'energies'],
    );
    return { ...loaded.data, forces: loaded.forces!, energies: loaded.energies! };
  };
  const meanSquare = ({ forces }: { forces: Float32Array }) =>
    forces.reduce((sum, f) => sum + f * f, 0) / forces.length;

  /** ⟨f·x⟩ of each degree of freedom, of which centred beads have three fewer than coordinates, in kT. */
  function virial({ values, forces, count, dimension }: Awaited<ReturnType<typeof loadAlanine>>) {
    const each = Float64Array.from({ length: count }, (_, frame) => {
      let sum = 0;
      for (let at = frame * dimension; at < (frame + 1) * dimension; at++) sum += forces[at]! * values[at]!;
      return sum / (dimension - 3) / kT;
    });
    const mean = each.reduce((sum, own) => sum + own, 0) / count;
    const variance = each.reduce((sum, own) => sum + (own - mean) ** 2, 0) / count;
    return { mean, error: Math.sqrt(variance / count) };
  }

  // Beads next to each other keep the stiff bonds between them; where atoms lie in between, these are noise.
  for (const [beads, stride, factor, precision] of [
    ['.CA or .CH3', 4, 15, 0.3],
    ['alanine-dipeptide-6', 4, 2, 0.09],
    ['alanine-dipeptide-22', 10, 0.999, 0.06],
  ] as const) {
    const set = beads === '.CA or .CH3' ? {} : { tags: ['full'] };
    test(`beads ${beads}: less noise, and the virial theorem, whichever the map`, set, async () => {
      const own = await loadAlanine(beads, 'own', stride);
      const aggregated = await loadAlanine(beads, 'aggregated', stride);
      expect(aggregated.values).toEqual(own.values);
      expect(meanSquare(own) / meanSquare(aggregated)).toBeGreaterThan(factor);
      const exact = virial(aggregated);
      expect(exact.error).toBeLessThan(precision);
      for (const { mean, error } of [exact, virial(own)]) expect(Math.abs(mean + 1)).toBeLessThan(4 * error);
    });
  }

  test('energies spread as those of 66 degrees of freedom, most of them harmonic', async () => {
    const { energies, count } = await loadAlanine('alanine-dipeptide-6', 'own', 10);
    const variance = energies.reduce((sum, energy) => sum + energy * energy, 0) / count;
    expect(Math.abs(energies.reduce((sum, energy) => sum + energy, 0) / count)).toBeLessThan(1e-4);
    // Harmonic, without rotation and translation: 60/2 (kT)².
    expect(variance / kT ** 2 / 30).toBeGreaterThan(0.8);
    expect(variance / kT ** 2 / 30).toBeLessThan(1.2);
  });
});
