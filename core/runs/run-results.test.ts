/** Samples and simulations as files: every format, replicas, what is lost, and how samples lie. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { memorySource } from '../formats/byte-source.ts';
import { decodeNpy } from '../formats/npy.ts';
import { openPdb } from '../formats/pdb.ts';
import { openTrajectory } from '../storage/molecule-files.ts';
import { superpose } from '../systems/superpose.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import type { RunSystem } from './data/run-system.ts';
import { evaluate } from './evaluation/evaluate.ts';
import {
  checkResultName,
  type RunResult,
  readResult,
  samplesResult,
  simulationResult,
  writeResultFile,
  writeResultInFolder,
} from './run-results.ts';
import { chainFrames, chainSystem, smallMolecularSpecification } from './small-molecule.test-support.ts';
import { temporaryFolder } from './small-run.test-support.ts';

const source = { structure: 'chain.pdb', trajectories: [] };
const specification = smallMolecularSpecification([source]);
const four = chainSystem(4);

const sampleOf = (count: number, system: RunSystem = four): RunResult =>
  samplesResult({ ...specification, sample: { ...specification.sample, count } }, system);
const simulationOf = (frames: number, replicas: number, system: RunSystem = four): RunResult =>
  simulationResult(
    {
      ...specification,
      simulate: {
        ...specification.simulate,
        replicas,
        steps: 25 * frames,
        stride: 25,
        equilibration: 50,
        timeStep: 0.004,
      },
    },
    system,
  );

const inFolder = (folder: string, part: RunResult, rows: Float32Array) =>
  writeResultInFolder(folder, part, { key: 'k', named: async () => undefined }, (take) => take(rows));
const toFile = (path: string, part: RunResult, rows: Float32Array) => writeResultFile(path, part, (take) => take(rows));

/** All frames of a file: positions, times, steps. */
async function framesIn(path: string) {
  await using trajectory = await openTrajectory(path);
  const { reader } = trajectory;
  return await Promise.all(Array.from({ length: reader.frames }, (_, i) => reader.frame(i)));
}

/** Conformations anywhere and turned in any way. */
function tumbling(frames: number): Float32Array {
  const values = chainFrames(4, frames, 8);
  const next = gaussianSource(9);
  for (let start = 0; start < values.length; start += 12) {
    const shift = [next(), next(), next()];
    for (let i = 0; i < 12; i++) values[start + i]! += shift[i % 3]!;
  }
  return values;
}

const distancesIn = (positions: ArrayLike<number>): number[] => {
  const found: number[] = [];
  for (let i = 0; i < positions.length; i += 3) {
    for (let j = 0; j < i; j += 3) {
      found.push(Math.hypot(...[0, 1, 2].map((axis) => positions[i + axis]! - positions[j + axis]!)));
    }
  }
  return found;
};

describe('samples', () => {
  test('are superposed on the first of them, which is where the beads are, and are the same conformations', async () => {
    using folder = temporaryFolder();
    const rows = tumbling(30);
    await inFolder(folder.path, sampleOf(30), rows);
    expect(readdirSync(folder.path).toSorted()).toEqual(['beads.pdb', 'samples.xtc']);
    const { data, shape } = (await readResult(folder.path, sampleOf(30)))!;
    expect(shape).toEqual([30, 12]);
    const first = data.subarray(0, 12);
    for (let i = 0; i < 12; i++) expect(first[i]).toBeCloseTo(rows[i]!, 5);
    for (let start = 0; start < rows.length; start += 12) {
      const [own, before] = [data.subarray(start, start + 12), rows.subarray(start, start + 12)];
      const [kept, made] = [distancesIn(own), distancesIn(before)];
      for (const [k, distance] of kept.entries()) expect(Math.abs(distance - made[k]!)).toBeLessThan(1e-5);
      // Nothing is left to turn.
      const { rotation, translation } = superpose(own, first);
      for (const k of [0, 4, 8]) expect(rotation[k]).toBeCloseTo(1, 5);
      for (const shift of translation) expect(Math.abs(shift)).toBeLessThan(1e-4);
    }
    const beads = await openPdb(memorySource('beads.pdb', readFileSync(folder.in('beads.pdb'))));
    const { positions } = await beads.trajectory!.frame(0);
    for (let i = 0; i < 12; i++) expect(Math.abs(positions[i]! - rows[i]!)).toBeLessThan(1e-4);
  });

  test('have the scores that they had before they were turned', async () => {
    using folder = temporaryFolder();
    const rows = tumbling(400);
    await inFolder(folder.path, sampleOf(400), rows);
    const values = chainFrames(4, 500, 10);
    const input = {
      specification,
      system: four,
      reference: { dimension: 12, count: 500, values },
      second: undefined,
      simulation: undefined,
      residual: undefined,
      training: [],
      validation: [],
    };
    const stored = evaluate({ ...input, samples: await readResult(folder.path, sampleOf(400)) }).metrics.iid!;
    const made = evaluate({ ...input, samples: { shape: [400, 12], data: rows } }).metrics.iid!;
    if (!('largestBond' in stored && 'largestBond' in made)) throw new Error('no bonds');
    for (const key of ['pmf', 'js', 'bonds', 'largestBond'] as const) {
      const [a, b] = [stored[key], made[key]];
      expect(a).toBeGreaterThan(0);
      // Single precision may move a point into the next bin.
      expect(Math.abs(a - b)).toBeLessThan(1e-2 * b);
    }
  });

  test('that have non-finite coordinates are left out, and count as lost', async () => {
    using folder = temporaryFolder();
    const rows = tumbling(6);
    rows[0] = Number.NaN;
    rows[12 + 5] = Number.POSITIVE_INFINITY;
    rows[36 + 7] = 5e6;
    await inFolder(folder.path, sampleOf(6), rows);
    expect((await framesIn(folder.in('samples.xtc'))).map(({ step }) => step)).toEqual([2, 4, 5]);
    const { data, shape } = (await readResult(folder.path, sampleOf(6)))!;
    expect(shape).toEqual([6, 12]);
    expect(data.subarray(0, 36).every(Number.isFinite)).toBe(true);
    expect(data.subarray(36).every(Number.isNaN)).toBe(true);
    expect(readFileSync(folder.in('beads.pdb'), 'utf8')).not.toMatch(/NaN|Inf/);

    await inFolder(
      folder.path,
      sampleOf(6),
      rows.map(() => Number.NaN),
    );
    expect((await readResult(folder.path, sampleOf(6)))!.data.every(Number.isNaN)).toBe(true);
  });
});

describe('simulations', () => {
  const frames = 5;
  const replicas = 3;
  /** Frames that say their number, and that of the replica. */
  const rows = Float32Array.from({ length: frames * replicas * 12 }, (_, i) => {
    const [frame, replica] = [Math.floor(i / (12 * replicas)), Math.floor(i / 12) % replicas];
    return frame + 10 * replica + (i % 12) / 100;
  });
  const part = simulationOf(frames, replicas);
  const times = [0.3, 0.4, 0.5, 0.6, 0.7];

  test('have a file for each replica, with times and steps, as they lie', async () => {
    using folder = temporaryFolder();
    await inFolder(folder.path, part, rows);
    const names = ['beads.pdb', 'simulation-000.xtc', 'simulation-001.xtc', 'simulation-002.xtc'];
    expect(readdirSync(folder.path).toSorted()).toEqual(names);
    const found = await framesIn(folder.in('simulation-001.xtc'));
    expect(found.map(({ time }) => time!.toFixed(4))).toEqual(times.map((time) => time.toFixed(4)));
    expect(found.map(({ step }) => step)).toEqual([75, 100, 125, 150, 175]);
    expect([...found[2]!.positions].map((x) => x.toFixed(4))).toEqual(
      Array.from({ length: 12 }, (_, i) => (12 + i / 100).toFixed(4)),
    );
    expect((await readResult(folder.path, part))!.shape).toEqual([5, 3, 12]);
    const { data } = (await readResult(folder.path, part))!;
    for (const [i, value] of data.entries()) expect(Math.abs(value - rows[i]!)).toBeLessThan(1e-4);
  });

  test('end where a replica stopped, before its first frame even', async () => {
    using folder = temporaryFolder();
    const stopping = rows.slice();
    stopping.fill(Number.NaN, (2 * replicas + 1) * 12, (2 * replicas + 2) * 12);
    stopping.fill(Number.NaN, (3 * replicas + 1) * 12, (3 * replicas + 2) * 12);
    stopping.fill(Number.NaN, (4 * replicas + 1) * 12, (4 * replicas + 2) * 12);
    for (let frame = 0; frame < frames; frame++) {
      stopping.fill(Number.NaN, frame * replicas * 12, (frame * replicas + 1) * 12);
    }
    await inFolder(folder.path, part, stopping);
    expect(statSync(folder.in('simulation-000.xtc')).size).toBe(0);
    expect(await framesIn(folder.in('simulation-001.xtc'))).toHaveLength(2);
    const { data } = (await readResult(folder.path, part))!;
    for (const [i, value] of data.entries()) {
      if (Number.isNaN(stopping[i]!)) expect(value).toBeNaN();
      else expect(Math.abs(value - stopping[i]!)).toBeLessThan(1e-4);
    }
  });

  test('of which a replica is missing, or there is one too many, are not there', async () => {
    using folder = temporaryFolder();
    await inFolder(folder.path, part, rows);
    expect(await readResult(folder.path, simulationOf(frames, 2))).toBeUndefined();
    expect(await readResult(folder.path, simulationOf(frames, 4))).toBeUndefined();
    writeFileSync(folder.in('simulation-002.xtc'), readFileSync(folder.in('simulation-002.xtc')).subarray(0, 300));
    await expect(readResult(folder.path, part)).rejects.toThrow(/simulation-002\.xtc` is damaged/);
  });

  test('a long one is written piece by piece', async () => {
    using folder = temporaryFolder();
    const nine = chainSystem(9);
    const count = 40_000;
    const long = Float32Array.from({ length: 27 * count }, (_, i) => (Math.floor(i / 27) % 1000) / 1000 + (i % 27));
    await inFolder(folder.path, simulationOf(count, 1, nine), long);
    await using trajectory = await openTrajectory(folder.in('simulation-000.xtc'));
    const { reader } = trajectory;
    expect(reader.frames).toBe(count);
    // 4 MiB are 38,836 frames.
    for (const frame of [0, 38_835, 38_836, 38_837, count - 1]) {
      const { step, positions } = await reader.frame(frame);
      expect(step).toBe(75 + 25 * frame);
      expect(positions[0]).toBeCloseTo((frame % 1000) / 1000, 5);
    }
  });

  test.each(['xtc', 'trr', 'pdb', 'gro', 'cif', 'xyz', 'dcd'])('as one .%s: replica after replica', async (ending) => {
    using folder = temporaryFolder();
    const path = folder.in(`own.${ending}`);
    await toFile(path, part, rows);
    const found = await framesIn(path);
    expect(found).toHaveLength(15);
    for (const [i, { positions }] of found.entries()) {
      const [replica, frame] = [Math.floor(i / frames), i % frames];
      for (const [k, value] of positions.entries()) {
        expect(Math.abs(value - (frame + 10 * replica + k / 100))).toBeLessThan(2e-3);
      }
    }
    if (ending === 'xtc' || ending === 'trr' || ending === 'gro') {
      expect(found.map(({ time }) => time!.toFixed(3))).toEqual(
        [...times, ...times, ...times].map((time) => time.toFixed(3)),
      );
    }
    const says = ['pdb', 'gro', 'cif', 'xyz'].includes(ending);
    const names = says ? [`own.${ending}`] : ['own-beads.pdb', `own.${ending}`];
    expect(readdirSync(folder.path).toSorted()).toEqual(names);
  });

  test('say how many frames are not in a file of one’s own', async () => {
    using folder = temporaryFolder();
    expect((await toFile(folder.in('whole.xtc'), part, rows)).lost).toBe(0);
    const stopping = rows.slice();
    stopping[(3 * replicas + 2) * 12 + 5] = Number.NaN;
    expect((await toFile(folder.in('stopped.xtc'), part, stopping)).lost).toBe(2);
    // Further than the columns of a PDB reach.
    stopping[(3 * replicas + 2) * 12 + 5] = -120;
    expect((await toFile(folder.in('far.xtc'), part, stopping)).lost).toBe(0);
    expect((await toFile(folder.in('far.pdb'), part, stopping)).lost).toBe(2);
    expect((await toFile(folder.in('far.npy'), part, stopping)).lost).toBe(0);
  });

  test('as .npy with the axes of frames, replicas and beads, and nothing left out', async () => {
    using folder = temporaryFolder();
    const path = folder.in('own.npy');
    const stopping = rows.slice();
    stopping.fill(Number.NaN, 60, 72);
    await toFile(path, part, stopping);
    const { shape, data } = decodeNpy(readFileSync(path), path);
    expect(shape).toEqual([5, 3, 4, 3]);
    expect(data).toEqual(stopping);
    expect(readdirSync(folder.path)).toEqual(['own.npy']);
  });

  test('of one replica in a DCD keep their times', async () => {
    using folder = temporaryFolder();
    await toFile(folder.in('own.dcd'), simulationOf(frames, 1), rows.slice(0, 60));
    const found = await framesIn(folder.in('own.dcd'));
    expect(found.map(({ time }) => time!.toFixed(4))).toEqual(times.map((time) => time.toFixed(4)));
  });
});

describe('names', () => {
  test('a structure of one’s own that is called like the result is left alone', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.in('protein.pdb'), 'mine');
    await toFile(folder.in('protein.xtc'), sampleOf(3), tumbling(3));
    expect(readFileSync(folder.in('protein.pdb'), 'utf8')).toBe('mine');
    expect(existsSync(folder.in('protein-beads.pdb'))).toBe(true);
  });

  test('one sample as PDB is a structure without models', async () => {
    using folder = temporaryFolder();
    await toFile(folder.in('one.pdb'), sampleOf(1), tumbling(1));
    expect(readFileSync(folder.in('one.pdb'), 'utf8')).not.toMatch(/MODEL|ENDMDL|REMARK/);
    await toFile(folder.in('two.pdb'), sampleOf(2), tumbling(2));
    expect(readFileSync(folder.in('two.pdb'), 'utf8').match(/^(MODEL|ENDMDL)/gm)).toHaveLength(4);
  });

  test.each([
    ['x.txt', 'names no format that can be written'],
    ['x.csv', 'names no format that can be written'],
    ['x', 'names no format that can be written'],
    ['x.psf', 'names no format that can be written'],
    ['x.nc', 'names no format that can be written'],
  ])('%s is refused before the work', async (name, words) => {
    await expect(checkResultName(name, four)).rejects.toThrow(words);
    await expect(checkResultName(name, four)).rejects.toThrow(ErgodicError);
  });

  test('names longer than PDB has columns for are refused for a PDB, before the work, and do no harm elsewhere', async () => {
    using folder = temporaryFolder();
    const topology = { ...four.topology!, chains: [{ id: 'AAA', segment: '' }] };
    const system = { ...four, topology };
    await expect(checkResultName('x.pdb', system)).rejects.toThrow(/chain identifier `AAA`.*write mmCIF instead/);
    await checkResultName('x.cif', system);
    await inFolder(folder.path, sampleOf(3, system), tumbling(3));
    const beads = await openPdb(memorySource('beads.pdb', readFileSync(join(folder.path, 'beads.pdb'))));
    expect(beads.topology.chains).toEqual([{ id: 'A', segment: '' }]);
  });

  test('in a run’s folder the beads are those of the samples, whatever comes later', async () => {
    using folder = temporaryFolder();
    const rows = tumbling(6);
    const beads = () => readFileSync(folder.in('beads.pdb'), 'utf8');
    await inFolder(
      folder.path,
      simulationOf(2, 3),
      rows.map((value) => value + 1),
    );
    const simulated = beads();
    await inFolder(folder.path, sampleOf(6), rows);
    const sampled = beads();
    expect(sampled).not.toBe(simulated);
    await inFolder(
      folder.path,
      simulationOf(2, 3),
      rows.map((value) => value + 1),
    );
    expect(beads()).toBe(sampled);
  });
});
