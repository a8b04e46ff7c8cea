import { describe, expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { conformations, sliceFrames } from '../geometry/conformations.ts';
import { Covariance, LaggedCovariance } from './covariance.ts';
import { beadDistances, featureCount, features } from './features.ts';
import { project, projectRows } from './linear-projection.ts';
import { PcaFit, principalComponents } from './pca.ts';
import { independentComponents, TicaFit } from './tica.ts';

const FRAMES = 100_000;
const TIMESCALES = [60, 12, 3];
/** Features are mixtures of the hidden processes; the last one is constant. */
const MIXTURE = [
  [1, 0.2, 0.1],
  [0.5, -1, 0.3],
  [0.1, 0.4, 2],
  [1, 1, 1],
  [0, 0, 0],
];

/** Ornstein–Uhlenbeck processes of variance 1, exact in steps of one frame. */
function hiddenProcesses(seed: number): Float64Array[] {
  const next = gaussianSource(seed);
  return TIMESCALES.map((timescale) => {
    const memory = Math.exp(-1 / timescale);
    const x = new Float64Array(FRAMES);
    x[0] = next();
    for (let t = 1; t < FRAMES; t++) x[t] = memory * x[t - 1]! + Math.sqrt(1 - memory ** 2) * next();
    return x;
  });
}

const hidden = hiddenProcesses(5);
const rows = Float64Array.from({ length: FRAMES * MIXTURE.length }, (_, at) => {
  const [frame, k] = [Math.floor(at / MIXTURE.length), at % MIXTURE.length];
  return 7 + MIXTURE[k]!.reduce((sum, weight, process) => sum + weight * hidden[process]![frame]!, 0);
});

describe('TICA of mixed Ornstein–Uhlenbeck processes', () => {
  const lag = 4;
  const sums = new LaggedCovariance(MIXTURE.length, lag);
  sums.add(rows);
  const found = independentComponents(sums.result(), 10);

  test('finds the rank and the timescales', () => {
    expect(found.rank).toBe(3);
    expect(found.components.length).toBe(3);
    found.eigenvalues.forEach((value, k) => {
      const timescale = -lag / Math.log(value);
      // About √(2 τ / N) of a timescale is unknown after N frames.
      expect(timescale / TIMESCALES[k]!).toBeGreaterThan(0.88);
      expect(timescale / TIMESCALES[k]!).toBeLessThan(1.12);
    });
  });

  test('finds the processes themselves, of mean 0 and variance 1, with the sign of the rule', () => {
    projectRows(found, rows).forEach((values, k) => {
      const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
      expect(Math.abs(values.reduce((sum, value) => sum + value / FRAMES, 0))).toBeLessThan(0.01);
      expect(product(values, values) / FRAMES).toBeCloseTo(1, 2);
      const centre = hidden[k]!.reduce((sum, value) => sum + value / FRAMES, 0);
      const centred = hidden[k]!.map((value) => value - centre);
      const correlation = product(values, centred) / Math.sqrt(product(values, values) * product(centred, centred));
      expect(Math.abs(correlation)).toBeGreaterThan(0.99);
      // Each process dominates one feature; that feature rises with it.
      expect(Math.sign(correlation)).toBe(k === 1 ? -1 : 1);
    });
  });
});

test('features that do not vary have no components', () => {
  const sums = new LaggedCovariance(2, 1);
  sums.add(new Float64Array(20).fill(3));
  expect(() => independentComponents(sums.result(), 1)).toThrow(/do not vary/);
});

test('principal components of a tilted ellipse', () => {
  const next = gaussianSource(6);
  const [cosine, sine] = [Math.cos(0.3), Math.sin(0.3)];
  const sums = new Covariance(2);
  for (let i = 0; i < 50_000; i++) {
    const [a, b] = [3 * next(), next()];
    sums.add([cosine * a - sine * b, sine * a + cosine * b]);
  }
  const { components, variances, totalVariance } = principalComponents(sums.result(), 2);
  expect(variances[0]! / 9).toBeCloseTo(1, 1);
  expect(variances[1]).toBeCloseTo(1, 1);
  expect(variances[0]! + variances[1]!).toBeCloseTo(totalVariance, 10);
  expect(components[0]![0]).toBeCloseTo(cosine, 2);
  expect(components[0]![1]).toBeCloseTo(sine, 2);
  expect(components[1]![1]).toBeCloseTo(cosine, 2);
});

describe('a model of conformations', () => {
  const next = gaussianSource(7);
  const chain = conformations(
    Float32Array.from({ length: 5000 * 6 * 3 }, () => next()),
    6,
  );
  const recipe = beadDistances(6);

  test('is the same however the frames come, survives JSON and projects new frames', () => {
    const whole = new PcaFit(recipe);
    whole.add(chain);
    const pieces = new PcaFit(recipe);
    pieces.add(sliceFrames(chain, 0, 1234));
    pieces.add(sliceFrames(chain, 1234, 5000));
    expect(pieces.result()).toEqual(whole.result());
    const model = whole.result(2);
    const saved = JSON.parse(JSON.stringify(model)) as typeof model;
    expect(saved).toEqual(model);
    const projected = project(saved, chain);
    const direct = projectRows(model, features(recipe, chain));
    expect(projected).toEqual(direct);
    expect(projected.length).toBe(2);
    expect(projected[0]!.reduce((sum, value) => sum + value ** 2 / 5000, 0)).toBeCloseTo(model.variances[0]!, 9);
  });

  test('does not see how a molecule lies; a frame that is NaN has no place', () => {
    const fit = new TicaFit(recipe, 1);
    fit.add(chain);
    fit.endTrajectory();
    const model = fit.result(3);
    const moved = chain.positions.map((value, i) => (i % 3 === 0 ? 2 - value : i % 3 === 1 ? 5 - value : value));
    moved[0] = Number.NaN;
    const [before, after] = [project(model, chain, 1)[0]!, project(model, conformations(moved, 6), 1)[0]!];
    expect(after[0]).toBeNaN();
    for (let i = 1; i < 100; i++) expect(after[i]).toBeCloseTo(before[i]!, 4);
  });

  test('says what does not fit', () => {
    expect(featureCount(recipe)).toBe(6);
    expect(() => beadDistances(3)).toThrow(/No two of 3 beads are 3 apart/);
    const fit = new PcaFit(recipe);
    fit.add(chain);
    expect(() => project(fit.result(2), chain, 3)).toThrow(/6 features on 2 components/);
  });
});
