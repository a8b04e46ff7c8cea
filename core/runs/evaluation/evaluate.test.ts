import { expect, test } from 'vitest';
import { generateTrajectory } from '../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { systemOf } from '../data/run-system.ts';
import { smallSpecification } from '../small-run.test-support.ts';
import { evaluate, metricsText } from './evaluate.ts';

type Input = Parameters<typeof evaluate>[0];

function inputFor(kind: 'double-well-1d' | 'double-well-2d', changes: object = {}) {
  const specification = smallSpecification({ system: { kind, samples: 2000 }, ...changes });
  const { dimension } = toySystem(kind);
  const points = (seed: number) =>
    Float32Array.from(generateTrajectory(toySystem(kind), { seed, samples: 2000 }).positions);
  const set = (seed: number) => ({ dimension, count: 2000, values: points(seed) });
  const input: Input = {
    specification,
    system: systemOf({ specification }),
    reference: set(1),
    second: set(2),
    samples: { shape: [2000, dimension], data: points(3) },
    simulation: { shape: [200, 10, dimension], data: points(4) },
    residual: { t: [0.25, 0.75], meanAbsR: [0.1, 0.2], spread: [0.05, 0.1] },
    validation: [],
    training: [1, 2, 3].map((step) => ({
      kind: 'training',
      network: step % 3,
      step,
      terms: step === 2 ? {} : { denoising: 1 / step, fokkerPlanck: 0.1 },
      discarded: 0,
    })),
  };
  return { input, dimension };
}

const rows = (csv: string) => csv.trimEnd().split('\n');

test('one dimension: every score, profiles along the one axis, the path against time', () => {
  const { metrics, figures, notices } = evaluate(inputFor('double-well-1d').input);
  for (const planeMetrics of [metrics.iid!, metrics.sim!, metrics.consistency!, metrics.floor]) {
    for (const score of [planeMetrics.pmf, planeMetrics.js, planeMetrics.jsPooled]) expect(score).toBeGreaterThan(0);
    // True data all of them: noise only.
    expect(planeMetrics.js).toBeLessThan(0.03);
  }
  expect([...figures.keys()].toSorted()).toEqual(['profiles', 'residual', 'training', 'trajectory']);
  expect(rows(figures.get('profiles')!.csv)).toHaveLength(1 + 3 * 60);
  expect(rows(figures.get('trajectory')!.csv)).toHaveLength(1 + 200);
  expect(notices).toEqual([]);
  expect(metricsText(metrics)).toContain('samples vs simulation');
});

test('two dimensions: maps with the bins of the score, the path in the plane', () => {
  const { figures } = evaluate(inputFor('double-well-2d', { evaluate: { pmfBins: 34 } }).input);
  expect([...figures.keys()].toSorted()).toEqual(['free-energy', 'profiles', 'residual', 'training', 'trajectory']);
  expect(rows(figures.get('free-energy')!.csv)).toHaveLength(1 + 32 * 32);
});

test('the bins asked for are those that are counted', () => {
  const score = (settings: object) => evaluate(inputFor('double-well-2d', { evaluate: settings }).input).metrics.iid!;
  expect(score({ pmfBins: 20 }).pmf).not.toBe(score({}).pmf);
  expect(score({ pmfBins: 20 }).js).toBe(score({}).js);
  expect(score({ jsBins: 20 }).js).not.toBe(score({}).js);
  expect(score({ jsBins: 20 }).pmf).toBe(score({}).pmf);
});

test('without a second data set the floor comes from the halves of the reference', () => {
  const { input } = inputFor('double-well-2d');
  const { metrics } = evaluate({ ...input, second: undefined });
  expect(metrics.floor.pmf).toBeGreaterThan(0);
  expect(metrics.floor.pmf).not.toBe(evaluate(input).metrics.floor.pmf);
});

test('a run that is not complete is scored as far as it goes; what is missing is null', () => {
  const { input } = inputFor('double-well-2d');
  const partial = evaluate({ ...input, simulation: undefined, residual: undefined, training: [] });
  expect(partial.metrics).toMatchObject({ sim: null, consistency: null });
  expect(partial.metrics.iid).toEqual(evaluate(input).metrics.iid);
  expect([...partial.figures.keys()].toSorted()).toEqual(['free-energy', 'profiles']);
  expect(partial.metrics.quality).toMatchObject({ sim: null, consistency: null });
  expect(metricsText(partial.metrics)).toMatch(/^samples vs reference /m);
  expect(metricsText(partial.metrics)).not.toContain('imulation');
});

test('frames of stopped replicas do not count, whichever coordinate says so, and the others count as if alone', () => {
  const { input } = inputFor('double-well-2d');
  const { shape, data } = input.simulation!;
  const stopped = data.slice();
  const kept: number[] = [];
  for (let row = 0; row < 2000; row++) {
    if (row % 10 === 4 && row > 500) stopped[2 * row + 1] = Number.NaN;
    else kept.push(data[2 * row]!, data[2 * row + 1]!);
  }
  const { metrics, notices } = evaluate({ ...input, simulation: { shape, data: stopped } });
  const alone = { shape: [kept.length / 2, 1, 2], data: Float32Array.from(kept) };
  const others = evaluate({ ...input, simulation: alone }).metrics;
  expect({ ...metrics, quality: undefined }).toEqual({ ...others, quality: undefined });
  // Which frames follow one another differs, and with it what they count as.
  expect(metrics.quality.sim!.equalCount).toEqual(others.quality.sim!.equalCount);
  expect(notices).toEqual(['150 of 2000 frames are left out because their replicas diverged.']);
});

test('a simulation whose replicas all stopped is a sentence; the samples are scored nevertheless', () => {
  const { input } = inputFor('double-well-2d');
  const nothing = new Float32Array(4000).fill(Number.NaN);
  const { metrics, figures, notices } = evaluate({ ...input, simulation: { shape: [200, 10, 2], data: nothing } });
  expect(metrics).toMatchObject({ sim: null, consistency: null });
  expect(metrics.iid).not.toBeNull();
  expect(figures.has('trajectory')).toBe(false);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(/^Every replica of the simulation diverged before its first frame/);

  const lost = evaluate({ ...input, samples: { shape: [2000, 2], data: nothing } });
  expect(lost.metrics.iid).toBeNull();
  expect(lost.notices).toEqual(['2000 of 2000 samples have non-finite coordinates and are left out: train longer.']);
});

test('points outside the window are scored, said, and spoil no figure', () => {
  const { input } = inputFor('double-well-2d');
  const far = new Float32Array(4000).fill(500);
  far[0] = Number.POSITIVE_INFINITY;
  const { metrics, figures, notices } = evaluate({ ...input, simulation: { shape: [200, 10, 2], data: far } });
  expect(metrics.sim!.pmf).toBeGreaterThan(metrics.iid!.pmf);
  expect(notices).toEqual([
    '2000 of 2000 points of the simulation lie outside the plotted range -2…2 × -2…2: metrics say little about them.',
  ]);
  for (const { svg } of figures.values()) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  const reference = { ...input.reference, values: far };
  expect([...evaluate({ ...input, reference }).figures.keys()]).toContain('free-energy');
});

test('true Müller–Brown points are as good as their number allows; shifted ones are not, and the verdict says why', () => {
  const specification = smallSpecification({ system: { kind: 'mueller-brown', samples: 20_000 } });
  const points = (seed: number) =>
    Float32Array.from(generateTrajectory(toySystem('mueller-brown'), { seed, samples: 20_000 }).positions);
  const set = (seed: number) => ({ dimension: 2, count: 20_000, values: points(seed) });
  const { input } = inputFor('double-well-2d');
  const system = systemOf({ specification });
  const known: Input = { ...input, specification, system, reference: set(1), second: set(2), simulation: undefined };
  const qualityOf = (data: Float32Array) =>
    evaluate({ ...known, samples: { shape: [20_000, 2], data } }).metrics.quality.iid!;

  const truth = qualityOf(points(3));
  expect(truth.equalCount.count).toBe(10_000);
  expect(truth.equalCount.pmf.ratio).toBeGreaterThan(0.8);
  expect(truth.equalCount.pmf.ratio).toBeLessThan(1.25);
  expect(truth).toMatchObject({ geometry: null, mirror: null });

  const shifted = qualityOf(points(3).map((value, i) => value + (i % 2 === 0 ? 0.2 : 0)));
  expect(shifted.equalCount.pmf.ratio).toBeGreaterThan(2);
  expect(shifted.verdict.atFloor).toBe(false);
  expect(shifted.verdict.text).toMatch(
    /× the noise floor of 10,000 independent frames; most wrong: .* lies where the ref/,
  );
});

test('the frames of a simulation count by replica: those that stay in one well are worth one frame each', () => {
  const { input } = inputFor('double-well-2d');
  const right = (i: number) => Math.floor(i / 2) % 10 < 3;
  // Ten replicas in turn, three of them in the well at the right for ever.
  const data = input.simulation!.data.map((value, i) =>
    i % 2 === 1 ? value : right(i) ? Math.abs(value) : -Math.abs(value),
  );
  const { sim, states } = evaluate({ ...input, simulation: { shape: [200, 10, 2], data } }).metrics.quality;
  expect(sim!.frames).toBe(2000);
  expect(sim!.independent).toBeLessThan(25);
  expect(states.some(({ sets }) => sets.sim!.standardError > 0.08)).toBe(true);
});
