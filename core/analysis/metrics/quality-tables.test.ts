import { expect, test } from 'vitest';
import type { ShownQuality } from './quality-schema.ts';
import { aligned, detailTable, metricsTable, populationTable } from './quality-tables.ts';

const measure = (value: number, floor: number) => ({
  value: { mean: value, deviation: floor / 20 },
  floor: { mean: floor, deviation: floor / 20 },
  ratio: value / floor,
  ratioError: 0.04,
});
const plane = {
  count: 10_000,
  against: 30_000,
  pmf: measure(0.537, 0.416),
  js: measure(0.00001, 0.018),
  oneSided: measure(0.5, 0.4),
  junk: measure(0.019, 0.0017),
};
const verdict = { atFloor: false, text: 'Samples: 1.3 × the noise floor.' };
const quality: ShownQuality = {
  iid: {
    frames: 10_000,
    independent: 10_000,
    equalCount: { ...plane, bonds: measure(9e-5, 4e-5), angles: measure(0.001, 0.0005) },
    geometry: {
      bonds: { mean: 9e-5, largest: 2e-4 },
      angles: { mean: 0.001, largest: 0.002 },
      bondOff: 0.015,
      bondOffReference: 0,
    },
    mirror: { judgedBy: 'centres', places: 1, fraction: 2e-4, reference: 0 },
    verdict,
  },
  sim: null,
  consistency: null,
  reference: { frames: 40_000, independent: 40_000, forTesting: false },
  states: [
    {
      name: 'φ > 0',
      reference: { fraction: 0.0248, standardError: 0.0008 },
      sets: { iid: { fraction: 0.0007, standardError: 0.0003, z: -28.2 } },
    },
  ],
};

test('each metric stands beside the floor of as many frames and how many times it is that', () => {
  expect(aligned(metricsTable(quality, { iid: { pmf: 0.501 } })).split('\n')).toEqual([
    '                      frames  free energy  floor      × floor      JS   floor      × floor  bonds / pm   floor      × floor  all frames',
    '─'.repeat(135),
    'samples vs reference  10,000        0.537  0.416  1.29 ± 0.04  1.0e-5  0.0180  0.00 ± 0.04      0.0900  0.0400  2.25 ± 0.04       0.501',
  ]);
});

test('populations have the digits that their errors leave, and the difference in standard errors', () => {
  expect(populationTable(quality)).toEqual({
    head: ['population', 'reference', 'samples', 'z'],
    rows: [['φ > 0', '2.48 ± 0.08 %', '0.07 ± 0.03 %', '−28.2']],
  });
});

test('the rest in the units of the field, beside what true frames have; nothing of what a toy has not', () => {
  expect(detailTable(quality)!.rows).toEqual([
    ['mass where the reference has nothing', '1.9 % (0.17 %)'],
    ['error from bins that only one visits', '50 % (40 %)'],
    ['bonds off by', '0.09 pm, worst 0.2 pm (0.04 pm)'],
    ['angles off by', '0.057°, worst 0.11° (0.029°)'],
    ['frames with a bond off by more than 15 pm', '1.5 % (0 %)'],
    ['mirror images', '0.02 % (0 %)'],
    ['count as independent frames', '10,000'],
  ]);
  const toy = { ...quality, iid: { ...quality.iid!, equalCount: plane, geometry: null, mirror: null } };
  expect(detailTable(toy)!.rows.map(([title]) => title)).toEqual([
    'mass where the reference has nothing',
    'error from bins that only one visits',
    'count as independent frames',
  ]);
  expect(metricsTable(toy, {}).head).not.toContain('bonds / pm');
});

test('structure in rows of its own, of the pairs of elements there are, beside the training data', () => {
  const binned = [50, 100].map((bins) => ({ bins, ...measure(0.037, 0.011) }));
  const structure = {
    count: 1000,
    against: 1000,
    limit: 0.5,
    distances: binned,
    byElements: [{ elements: 'C–H', distances: binned }],
    pooledW2: measure(0.00109, 0.00041),
    pairW2: measure(0.013, 0.00107),
    bondMeans: measure(0.00031, 0.00013),
    bondWidths: measure(0.771, 1.002),
    within30: measure(0.975, 1),
    within50: measure(1, 1),
    torsions: null,
  };
  const nearness = { median: 0.012, nearest5: 0.0044 };
  const nearest = { frames: 500, among: 2000, ...nearness, reference: { median: 0.073, nearest5: 0.0115 } };
  const of = { ...quality.iid!, structure };
  const rows = detailTable({ ...quality, iid: { ...of, nearest }, training: { ...of, nearest: null } })!;
  expect(rows.head).toEqual(['(of true frames)', 'samples', 'training data']);
  expect(rows.rows.slice(6, -1)).toEqual(
    [
      ['distances, total variation in 50 bins', '0.037 (0.011)'],
      ['distances, total variation in 100 bins', '0.037 (0.011)'],
      ['C–H distances, total variation in 100 bins', '0.037 (0.011)'],
      ['each distance off by (W₂)', '13 pm (1.1 pm)'],
      ['all distances together off by (W₂)', '1.1 pm (0.41 pm)'],
      ['mean bond lengths off by', '0.31 pm (0.13 pm)'],
      ['widths of bonds, as multiples of the true ones', '0.77 (1.00)'],
      ['frames with a bond off by more than 30 pm', '2.5 % (0 %)'],
      ['frames with a bond off by more than 50 pm', '0 % (0 %)'],
      ['RMSD to the nearest training frame, median', '12 pm (73 pm)', '–'],
      ['RMSD to the nearest training frame, nearest 5 %', '4.4 pm (12 pm)', '–'],
    ].map(([title, text, training = text]) => [title, text, training]),
  );
  const training = metricsTable({ ...quality, training: { ...of, nearest: null } }, { iid: { pmf: 0.501 } }).rows.at(
    -1,
  )!;
  expect([training[0], training[1], training.at(-1)]).toEqual(['training data vs reference', '10,000', '–']);
});
