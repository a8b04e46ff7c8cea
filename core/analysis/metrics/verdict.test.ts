import { describe, expect, test } from 'vitest';
import type { AtEqualCount, EqualCount } from './equal-count.ts';
import { timesText } from './measure-text.ts';
import type { State } from './state-populations.ts';
import { agreementOf, type Judged, verdictOf } from './verdict.ts';

/** With a spread of a tenth of the floor. */
function measure(value: number, floor: number): AtEqualCount {
  const deviation = floor / 10;
  const ratio = value / floor;
  return {
    value: { mean: value, deviation },
    floor: { mean: floor, deviation },
    ratio,
    ratioError: Math.hypot(deviation, ratio * deviation) / floor,
  };
}

const perfect: EqualCount = {
  count: 10_000,
  against: 30_000,
  pmf: measure(0.42, 0.41),
  js: measure(0.023, 0.023),
  oneSided: measure(0.8, 0.8),
  junk: measure(0.002, 0.002),
  bonds: measure(4e-5, 4e-5),
  angles: measure(1e-3, 1e-3),
};

const judged = (changes: Partial<EqualCount>, others: Partial<Judged<'iid'>> = {}): Judged<'iid'> => ({
  name: 'iid',
  title: 'Samples',
  equalCount: { ...perfect, ...changes },
  states: [],
  geometry: null,
  mirror: null,
  ...others,
});

const population = (fraction: number, z: number): State<'iid'>[] => [
  {
    name: 'φ > 0',
    reference: { fraction: 0.024, standardError: 1e-3 },
    sets: { iid: { fraction, standardError: 1e-3, z } },
  },
];

describe('samples', () => {
  test('that nothing tells from true data are as good as their number allows', () => {
    expect(verdictOf(judged({}))).toEqual({
      atFloor: true,
      text: 'Samples: as good as 10,000 independent frames allow (1.0 ± 0.1 × the noise floor).',
    });
  });

  test('above the floor say how many times, and what is wrong most, the worst first', () => {
    const changes = { pmf: measure(0.82, 0.41), junk: measure(0.021, 0.002), bonds: measure(2e-4, 4e-5) };
    expect(verdictOf(judged(changes, { states: population(0.0007, -23) }))).toEqual({
      atFloor: false,
      text:
        'Samples: 2.0 ± 0.2 × the noise floor of 10,000 independent frames; most wrong: ' +
        '2.1 % lies where the reference has nothing (0.2 % of true frames); ' +
        'the population of φ > 0 is 0.07 % instead of 2.4 % (23.0 standard errors off); ' +
        'bonds are off by 0.2 pm (0.04 pm of true frames).',
    });
  });

  test('at the floor of the plane are not called good when they are mirror images', () => {
    const mirror = { judgedBy: 'centres', places: 1, fraction: 0.5, reference: 0 } as const;
    const { atFloor, text } = verdictOf(judged({}, { mirror }));
    expect(atFloor).toBe(false);
    expect(text).toMatch(/allow \(1.0 ± 0.1 × the noise floor\), but 50 % of frames are mirror images\.$/);
  });

  test('are not blamed for chance', () => {
    const noise = { junk: measure(0.0025, 0.002), bonds: measure(5e-5, 4e-5), pmf: measure(0.45, 0.41) };
    expect(verdictOf(judged(noise, { states: population(0.022, -1.4) })).atFloor).toBe(true);
  });
});

test('a short simulation above the floor is told that its length may be the reason', () => {
  const { text } = verdictOf(judged({ pmf: measure(0.82, 0.41) }, { title: 'Simulation', independent: 1234 }));
  expect(text).toContain('count as about 1,200 independent ones');
  expect(verdictOf(judged({}, { independent: 1234 })).text).not.toContain('correlated');
});

test('samples and simulation agree, or differ by so many times the floor', () => {
  expect(agreementOf(perfect)).toMatchObject({
    atFloor: true,
    text: expect.stringContaining('agree as well as 10,000'),
  });
  expect(agreementOf({ ...perfect, pmf: measure(1.23, 0.41) }).text).toBe(
    'Samples and simulation differ: 3.0 ± 0.3 × the noise floor of 10,000 independent frames.',
  );
});

test('times have the digits that their error leaves', () => {
  expect(timesText({ ratio: 1.234, ratioError: 0.012 })).toBe('1.23 ± 0.01 ×');
  expect(timesText({ ratio: 1.234, ratioError: 0.12 })).toBe('1.2 ± 0.1 ×');
  expect(timesText({ ratio: 34.4, ratioError: 3.2 })).toBe('34 ± 3 ×');
  expect(timesText({ ratio: null, ratioError: null })).toBe('–');
});
