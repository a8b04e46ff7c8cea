import { expect, test } from 'vitest';
import { assumedStatistics, type ConformationStatistics } from '../../models/conformation-statistics.ts';
import { run } from '../../models/evaluated.test-support.ts';
import {
  concat,
  constant,
  greater,
  log,
  mul,
  neg,
  reshape,
  select,
  slice,
  sub,
  sum,
  sumOverSamples,
} from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import { allTorsions, torsionsOf } from '../../systems/torsions.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import type { NoisedSample } from '../loss-term.ts';
import { meanFactorAt, varianceAt } from '../noise-schedule.ts';
import { forceMatching } from './force-matching.ts';
import { torsionContrast, turnedCopies } from './torsion-contrast.ts';

const chain = (beads: number): ConformationStatistics => {
  const molecule = { beads, bonds: Array.from({ length: beads - 1 }, (_, i) => [i, i + 1] as const) };
  return assumedStatistics({ beads, torsions: allTorsions(molecule), rotatable: torsionsOf(molecule) });
};

const sampleOf = (given: Partial<NoisedSample>): NoisedSample => given as NoisedSample;

test('force matching is least at the true score, at small noise and at large', async () => {
  // A normal distribution of variance v in each coordinate: force −x₀/v, score −x_t/(m² v + σ²).
  const v = 0.04;
  const samples = 4000;
  const next = gaussianSource(5);
  const x0 = Float64Array.from({ length: 6 * samples }, () => Math.sqrt(v) * next());
  const noise = Float64Array.from({ length: 6 * samples }, () => next());
  const statistics = { ...chain(2), meanSquareForce: 1 / v };
  for (const t of [1e-4, 0.02, 0.5]) {
    const [m, s2] = [meanFactorAt(t), varianceAt(t)];
    const ofBatch = { shape: [2, 3], perSample: true };
    const program = trace('force matching', { x0: ofBatch, noise: ofBatch, factor: { shape: [] } }, (inputs) => {
      const x = sub(mul(inputs.x0, m), mul(inputs.noise, -Math.sqrt(s2)));
      const score = mul(mul(x, -1 / (m * m * v + s2)), inputs.factor);
      const columns = { forces: mul(inputs.x0, -1 / v) };
      const term = forceMatching.of(sampleOf({ noise: inputs.noise, score, t: constant(t), statistics, columns }));
      return { end: { loss: sumOverSamples(mul(term, 1 / samples)) } };
    });
    const loss = async (factor: number) => (await run(program, { x0, noise, factor: [factor] }, { samples })).loss![0]!;
    const [less, right, more] = [await loss(0.97), await loss(1), await loss(1.03)];
    expect(right).toBeLessThan(less);
    expect(right).toBeLessThan(more);
  }
});

const bondsOf = (x: ArrayLike<number>, beads: number, apart: number) =>
  Array.from({ length: beads - apart }, (_, i) =>
    Math.hypot(...[0, 1, 2].map((axis) => x[3 * i + axis]! - x[3 * (i + apart) + axis]!)),
  );

test.each([5, 9])('copies of %i beads keep bonds and angles, turn torsions and stay centred', async (beads) => {
  const copies = 3;
  const next = gaussianSource(beads);
  const raw = Float64Array.from({ length: 3 * beads }, (_, i) => Math.floor(i / 3) + 0.4 * next());
  const mean = [0, 1, 2].map((axis) => raw.reduce((s, value, i) => s + (i % 3 === axis ? value / beads : 0), 0));
  const x = raw.map((value, i) => value - mean[i % 3]!);
  const program = trace('copies', { x: { shape: [beads, 3], perSample: true } }, (inputs) => ({
    end: { turned: turnedCopies(inputs.x, chain(beads), copies) },
  }));
  const { turned } = await run(program, { x }, { samples: 1, seed: 2 });
  const own = [bondsOf(x, beads, 1), bondsOf(x, beads, 2), bondsOf(x, beads, 3)] as const;
  const found = Array.from({ length: copies }, (_, k) => turned!.slice(k * 3 * beads, (k + 1) * 3 * beads));
  for (const copy of found) {
    for (const apart of [1, 2] as const) {
      for (const [i, d] of bondsOf(copy, beads, apart).entries()) expect(d).toBeCloseTo(own[apart - 1]![i]!, 9);
    }
    expect(bondsOf(copy, beads, 3).some((d, i) => Math.abs(d - own[2][i]!) > 1e-3)).toBe(true);
    for (const axis of [0, 1, 2])
      expect(copy.reduce((s, value, i) => s + (i % 3 === axis ? value : 0), 0)).toBeCloseTo(0, 9);
  }
  expect(found[0]).not.toEqual(found[1]);
});

/** Cosine of the torsion of four beads [rows, 4, 3]. */
function cosine(xs: Tensor): Tensor {
  const rows = xs.shape[0]!;
  const bead = (i: number) => reshape(slice(xs, 1, i, i + 1), [rows, 3]);
  const along = (i: number) => sub(bead(i + 1), bead(i));
  const cross = (a: Tensor, b: Tensor) => {
    const at = (v: Tensor, axis: number) => slice(v, 1, axis % 3, (axis % 3) + 1);
    const part = (k: number) => sub(mul(at(a, k + 1), at(b, k + 2)), mul(at(a, k + 2), at(b, k + 1)));
    return concat([part(0), part(1), part(2)], 1);
  };
  return sum(mul(cross(along(0), along(1)), cross(along(1), along(2))), [1]);
}

test('torsion contrast is least for the true populations of two wells, which no slope tells', async () => {
  // Flat wells at cos φ > 0 and cos φ < 0, the first three times as full.
  const samples = 3000;
  const truth = 0.75;
  let word = 0;
  const x0 = new Float64Array(12 * samples);
  for (let s = 0; s < samples; s++) {
    word = (word + 0.6180339887) % 1;
    const inFirst = word < truth;
    const angle = (((s * 0.7548776662) % 1) - 0.5) * Math.PI + (inFirst ? 0 : Math.PI);
    x0.set([0, 1, 0, 0, 0, 0, 1, 0, 0, 1, Math.cos(angle), Math.sin(angle)], 12 * s);
  }
  const statistics = chain(4);
  const specs = { x: { shape: [4, 3], perSample: true }, first: { shape: [] } };
  const program = trace('contrast', specs, ({ x, first }) => {
    const energies = (xs: Tensor) => select(greater(cosine(xs), 0), neg(log(first)), neg(log(sub(1, first))));
    const energy = (one: Tensor) => reshape(energies(reshape(one, [1, 4, 3])), []);
    const term = torsionContrast.of(sampleOf({ x, energy, energies, statistics }), { contrastCopies: 2 });
    return { end: { loss: sumOverSamples(mul(term, 1 / samples)) } };
  });
  const loss = async (first: number) => (await run(program, { x: x0, first: [first] }, { samples, seed: 1 })).loss![0]!;
  const grid = [0.5, 0.65, 0.75, 0.85];
  const losses = await Promise.all(grid.map(loss));
  expect(grid[losses.indexOf(Math.min(...losses))]).toBe(truth);
  // Without a preference every copy is as likely as the data.
  expect(losses[0]).toBeCloseTo(Math.log(3), 9);
});
