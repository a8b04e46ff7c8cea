/**
 * One model for several molecules: sizes that differ, features that tell them apart, a molecule that is held out, and
 * training that neither threads nor interruptions change. Frames set aside are judged by, never trained on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { loadEngine } from '../../engines/registry.ts';
import { ErgodicError } from '../../errors.ts';
import type { Specification } from '../../specification/settings.ts';
import { completeRun, openTrained, prepared } from '../pipeline.ts';
import { RunFolder, readRunLog } from '../run-folder.ts';
import { sampleRun, simulateRun } from '../sampling/from-model.ts';
import {
  chainFrames,
  chainTopology,
  smallMolecularRun,
  smallMolecularSpecification,
  writeMolecule,
} from '../small-molecule.test-support.ts';
import { gathered, Listener, recordOf, temporaryFolder, tensorsIn } from '../small-run.test-support.ts';
import { train } from '../training/train.ts';
import { trainingLines, validationLines } from '../training/training-log.ts';
import { Validation } from '../training/validation.ts';
import { loadData, reloadData } from './load-data.ts';
import type { DataFacts, RunData } from './run-data.ts';
import { systemOf } from './run-system.ts';

const parent = temporaryFolder();
/** The fraction of frames that is set aside. */
const VALIDATION = 0.2;
let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('wasm', { threads: 1 });
  const specification = specificationOf({ validation: VALIDATION });
  await trainIn(parent.in('whole'), { ...specification, threads: 1 }, await loadData(specification, new Listener()));
});
afterAll(async () => {
  await engine.dispose();
  parent[Symbol.dispose]();
});

const molecule = (name: string, residues: string[], frames: number, seed: number) =>
  writeMolecule(parent.in(name), chainTopology(residues), chainFrames(residues.length, frames, seed));
const sources = [
  { ...molecule('three', ['ALA', 'GLY', 'SER'], 80, 1), use: 'train' as const },
  { ...molecule('four', ['VAL', 'ALA', 'LEU', 'GLY'], 120, 2), use: 'train' as const },
  { ...molecule('other-three', ['LEU', 'SER', 'ALA'], 40, 3), use: 'train' as const },
  { ...molecule('five', ['GLY', 'VAL', 'ALA', 'SER', 'LEU'], 60, 4), use: 'test' as const },
];
// Checkpoints inside a chunk of one size and at its end.
const experts = smallMolecularRun.experts.map((expert) => ({ ...expert, steps: 70 }));
const specificationOf = (system: object = {}, changes: object = {}): Specification =>
  smallMolecularSpecification(sources, system, { experts, checkpoint: { everySteps: 24 }, ...changes });

async function trainIn(
  path: string,
  specification: Specification,
  { data, facts }: { data: RunData; facts: DataFacts },
  listener = new Listener(),
) {
  const begun = await RunFolder.open(path).catch(() => undefined);
  await using folder = begun ?? (await RunFolder.create(path, { ...recordOf(specification), ...facts }));
  const { threads } = specification;
  return await train({
    folder,
    specification,
    data,
    threads,
    task: (name) => listener.task(name),
    say: () => undefined,
  });
}

async function resultsIn(path: string) {
  const records = await readRunLog(path);
  return {
    model: tensorsIn(join(path, 'model.safetensors')),
    checkpoint: tensorsIn(join(path, 'checkpoint.safetensors')),
    lines: trainingLines(records),
    validation: validationLines(records),
  };
}

describe('training', () => {
  test('one, two threads and stops at any step, between sizes, too, end with the same bits', {
    tags: ['full'],
  }, async () => {
    const specification = specificationOf({ validation: VALIDATION });
    const loaded = await loadData(specification, new Listener());
    const whole = await resultsIn(parent.in('whole'));
    expect(whole.lines.map(({ step }) => step)).toContain(70);
    await trainIn(parent.in('threads'), { ...specification, threads: 2 }, loaded);
    expect(await resultsIn(parent.in('threads'))).toEqual(whole);

    const path = parent.in('stopped');
    let sessions = 0;
    for (let done = false; !done; sessions++) {
      // Chunks of one size are 16 steps: stops fall on their ends and anywhere between.
      const patience = 16 + 5 * sessions;
      const impatient: Listener = new Listener((_, stop) => {
        const steps = [...impatient.reports.values()].map((own) => own.at(-1)!.done - own[0]!.done);
        if (steps.some((own) => own >= patience)) stop.abort(new ErgodicError('enough'));
      });
      const again = { ...specification, threads: 1 + (sessions % 2) };
      done = await trainIn(path, again, loaded, impatient).then(
        () => true,
        (error: unknown) => {
          expect(error).toBe(impatient.signal.reason);
          return false;
        },
      );
    }
    expect(sessions).toBeGreaterThan(2);
    expect(await resultsIn(path)).toEqual(whole);
  });

  test('sees every molecule that is trained on, and none that is not', async () => {
    const { data } = await loadData(specificationOf(), new Listener());
    expect(data.training.map(({ shape, count }) => [shape, count])).toEqual([
      [[3, 3], 80],
      [[4, 3], 120],
      [[3, 3], 40],
    ]);
    expect(data.reference).toMatchObject({ dimension: 15, count: 60 });
    expect(data.system.shape).toEqual([5, 3]);
    const [three, four, other] = data.training.map(({ columns }) => columns.features!);
    expect(three!.shape[1]).toBe(four!.shape[1]);
    expect(three!.values).not.toEqual(other!.values);
    expect(data.validation).toEqual([]);
  });

  test('place cannot tell several molecules apart', () => {
    expect(() => specificationOf({ features: 'place' })).toThrow(/with several `system.sources` it must be chemistry/);
  });
});

describe('the molecule that is held out', () => {
  test('is what is sampled, simulated and compared', async () => {
    const specification = specificationOf();
    const listener = new Listener();
    const { data, facts } = await prepared(specification, listener);
    const record = { ...recordOf(specification, 'run'), ...facts };
    await using folder = await RunFolder.create(parent.in('complete'), record);
    const { metrics } = await completeRun(folder, record, listener, data);
    expect(metrics.iid!.pmf).toBeGreaterThan(0);
    expect(metrics.sim!.pmf).toBeGreaterThan(0);
    const beads = readFileSync(parent.in('complete/beads.pdb'), 'utf8');
    expect(beads.match(/^ATOM .*$/gm)!.map((line) => line.slice(17, 20))).toEqual(['GLY', 'VAL', 'ALA', 'SER', 'LEU']);
    expect(facts.molecule).toMatchObject({ target: 3, molecules: [{}, {}, {}, { name: 'five', use: 'test' }] });
  });

  test('is told from another one of its size by its features alone', async () => {
    const trained = await openTrained(parent.in('complete'), new Listener());
    const { record } = trained;
    const withResidues = async (residues: string[]) => {
      const molecules = structuredClone(record.molecule!.molecules);
      for (const [i, bead] of molecules[3]!.beads.entries()) bead.residue = residues[i]!;
      const system = systemOf({ ...record, molecule: { ...record.molecule!, molecules } });
      const features = system.features!.values;
      const networks = trained.networks.map((each) => ({ ...each, features }));
      const run = { ...trained, system, networks };
      const [drawn, simulated] = [gathered(), gathered()];
      await sampleRun(run, engine, new Listener(), drawn.take);
      const { simulate } = run.specification;
      const starting = {
        ...run,
        specification: { ...run.specification, simulate: { ...simulate, start: 'data' as const } },
      };
      const five = chainFrames(5, 10, 4);
      const data = async () => ({ dimension: 15, count: 10, values: five });
      await simulateRun(starting, data, engine, new Listener(), simulated.take);
      return { drawn: drawn.values(), simulated: simulated.values() };
    };
    const own = await withResidues(['GLY', 'VAL', 'ALA', 'SER', 'LEU']);
    expect(await withResidues(['GLY', 'VAL', 'ALA', 'SER', 'LEU'])).toEqual(own);
    const other = await withResidues(['GLY', 'VAL', 'ALA', 'SER', 'TRP']);
    expect(other.drawn).not.toEqual(own.drawn);
    expect(other.simulated).not.toEqual(own.simulated);
  });
});

describe('frames set aside', () => {
  const specification = specificationOf({ validation: VALIDATION });

  test('are whole chunks of each molecule, and no part of what is trained on', async () => {
    const { data } = await loadData(specification, new Listener());
    const rowsOf = ({ shape, count, columns }: RunData['training'][number]) => {
      const { values } = columns.positions;
      const dimension = 3 * shape[0]!;
      expect(values.length).toBe(count * dimension);
      return Array.from({ length: count }, (_, i) => values.slice(i * dimension, (i + 1) * dimension).join());
    };
    const everything = (await loadData(specificationOf(), new Listener())).data;
    expect(everything.system.scale).toBe(data.system.scale);
    for (const [i, set] of data.training.entries()) {
      const [kept, aside, all] = [rowsOf(set), rowsOf(data.validation[i]!), rowsOf(everything.training[i]!)];
      expect(aside.length).toBeCloseTo(VALIDATION * all.length, -1);
      expect(kept.filter((row) => aside.includes(row))).toEqual([]);
      expect(new Set([...kept, ...aside])).toEqual(new Set(all));
    }
    expect(data.reference).toEqual(everything.reference);
  });

  test('leave a line at every checkpoint and at the end, which falls while training goes well', async () => {
    const { validation } = await resultsIn(parent.in('whole'));
    for (const network of [0, 1, 2]) {
      const own = validation.filter((line) => line.network === network);
      expect(own.map(({ step }) => step)).toEqual([24, 48, 70]);
      for (const { terms } of own) expect(terms.denoising).toBeGreaterThan(0);
    }
    const hardest = validation.filter((line) => line.network === 1).map(({ terms }) => terms.denoising!);
    expect(hardest.at(-1)).toBeLessThan(hardest[0]!);
  });

  test('have the loss of the weights, no matter what was asked before, and on any number of threads', async () => {
    const { data } = await loadData(specification, new Listener());
    const trained = await openTrained(parent.in('whole'), new Listener());
    const { validation } = await resultsIn(parent.in('whole'));
    const two = await loadEngine('wasm', { threads: 2 });
    try {
      for (const [i, { network, parameters }] of trained.networks.entries()) {
        const [one, other] = (await Promise.all(
          [engine, two].map((each) => Validation.prepare(data.validation, network, each)),
        )) as [Validation, Validation];
        const last = validation.filter((line) => line.network === i).at(-1)!.terms;
        expect(await one.loss(parameters)).toEqual(last);
        await one.loss(parameters.map((value) => value + 1));
        expect(await one.loss(parameters)).toEqual(last);
        expect(await other.loss(parameters)).toEqual(last);
        one.dispose();
        other.dispose();
      }
    } finally {
      await two.dispose();
    }
    expect(await Validation.prepare([], trained.networks[0]!.network, engine)).toBeUndefined();
  });
});

describe('what goes on', () => {
  test('is seen as it was seen when it began, not as these files would be seen now', async () => {
    const specification = specificationOf();
    const { facts } = await loadData(specification, new Listener());
    const molecule = { ...facts.molecule!, scale: 2 * facts.molecule!.scale };
    const again = await reloadData({ specification, ...facts, molecule }, new Listener());
    expect(again.system.scale).toBe(molecule.scale);
    const before = (await reloadData({ specification, ...facts }, new Listener())).training;
    // Twice the scale halves every number, exactly.
    expect(again.training.map(({ columns }) => columns.positions.values)).toEqual(
      before.map(({ columns }) => columns.positions.values.map((value) => value / 2)),
    );
    expect(again.system.variables.plane).toEqual(systemOf({ specification, molecule }).variables.plane);
  });

  test('has the molecules it had', async () => {
    const specification = specificationOf();
    const { facts } = await loadData(specification, new Listener());
    const fewer = specificationOf({ sources: sources.slice(1) });
    await expect(reloadData({ specification: fewer, ...facts }, new Listener())).rejects.toThrow(
      /^The data of `.*four.pdb`, `.*four.xtc`, `.*other-three.pdb` and 3 more have changed since this run began/,
    );
    const used = sources.map((source) => ({ ...source, use: 'train' as const }));
    const all = { specification: specificationOf({ sources: used }), ...facts };
    await expect(reloadData(all, new Listener())).rejects.toThrow(/have changed since this run began/);
  });
});
