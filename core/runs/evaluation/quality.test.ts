/** What the metrics of a molecule say beside those of its plane: structure, copies, and the training data themselves. */
import { describe, expect, test } from 'vitest';
import { qualitySchema } from '../../analysis/metrics/quality-schema.ts';
import { detailTable } from '../../analysis/metrics/quality-tables.ts';
import type { DataSet } from '../data/data-set.ts';
import { chainFrames, chainSystem, smallMolecularSpecification } from '../small-molecule.test-support.ts';
import { evaluate, metricsText } from './evaluate.ts';

const BEADS = 4;
const specification = smallMolecularSpecification([{ structure: 'chain.pdb', trajectories: [] }]);
const system = chainSystem(BEADS, specification);

const framesOf = (seed: number, count: number): DataSet => ({
  dimension: 3 * BEADS,
  count,
  values: chainFrames(BEADS, count, seed),
});

const reference = framesOf(1, 600);
const other = framesOf(2, 400);

function qualityOf(trainingFrames: DataSet | undefined, samples = framesOf(3, 500), second?: DataSet) {
  return evaluate({
    specification,
    system,
    reference,
    second,
    trainingFrames,
    samples: { shape: [samples.count, samples.dimension], data: samples.values },
    simulation: undefined,
    residual: undefined,
    training: [],
    validation: [],
  }).metrics;
}

describe('the training data', () => {
  test('are a row where they are not the reference, measured as any other set', () => {
    const { quality } = qualityOf(other);
    const asSamples = qualityOf(undefined, other).quality.iid!;
    const { verdict, nearest, ...training } = quality.training!;
    expect(training.structure).toEqual(asSamples.structure);
    expect(training.equalCount).toEqual(asSamples.equalCount);
    expect([training.frames, nearest]).toEqual([400, null]);
    expect(verdict.text).toMatch(/^Training data: /);
    expect(quality.states[0]!.sets.training!.fraction).toBeGreaterThan(0);
  });

  test('have none where they are the reference, or are not known', () => {
    expect(qualityOf(reference).quality.training).toBeNull();
    expect(qualityOf(undefined).quality.training).toBeNull();
  });

  test('have the floor of the reference alone, also where they are its second set', () => {
    const whole = qualityOf(other, undefined, other).quality;
    expect(whole.training!.equalCount).toEqual(qualityOf(other).quality.training!.equalCount);
    expect(whole.iid!.equalCount.against).toBe(reference.count);
  });
});

test('samples that are training frames are found out, whether or not these are the reference', () => {
  const copied = (training: DataSet) => qualityOf(training, training).quality.iid!.nearest!;
  for (const training of [reference, other]) {
    const { median, reference: truth } = copied(training);
    expect(median).toBeLessThan(1e-6);
    expect(truth.median).toBeGreaterThan(0.01);
  }
  expect(qualityOf(undefined).quality.iid!.nearest).toBeNull();
});

test('what is stored can be read again, and a person reads it', () => {
  const metrics = qualityOf(other);
  const stored = JSON.parse(JSON.stringify(metrics.quality));
  expect(qualitySchema.parse(stored).iid!.structure).toEqual(stored.iid.structure);
  expect(qualitySchema.parse(stored).training!.structure).toEqual(stored.training.structure);
  const text = metricsText(metrics);
  for (const line of [
    'training data vs reference',
    'distances, total variation in 500 bins',
    'nearest training frame',
  ]) {
    expect(text).toContain(line);
  }
});

test('metrics of an older version, which have none of it, open as they are', () => {
  const { training: _, ...old } = JSON.parse(JSON.stringify(qualityOf(undefined).quality));
  const { structure: _structure, nearest: _nearest, ...iid } = old.iid;
  const read = qualitySchema.parse({ ...old, iid });
  expect(read.iid!.structure).toBeUndefined();
  const titles = detailTable(read)!.rows.map(([title]) => title);
  expect(titles).toContain('bonds off by');
  expect(titles).not.toContain('distances, total variation in 50 bins');
});
