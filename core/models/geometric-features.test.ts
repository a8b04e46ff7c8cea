import { expect, it } from 'vitest';
import { matmul } from '../program/primitives.ts';
import { evaluated, type Given, numbersFor, relativeError } from './evaluated.test-support.ts';
import { alongPairs, invariantsOf } from './geometric-features.ts';

const BEADS = 4;
const TRIPLES = 2;
const COUNT = 3 * TRIPLES;
/** Of each bead lengths and angles come first, then the hands. */
const HANDS = 6 * TRIPLES;

const directions = numbersFor([BEADS, 3, COUNT], 5);

type Matrix = readonly (readonly [number, number, number])[];

const turn: Matrix = [
  [0.6, -0.8, 0],
  [0.48, 0.36, -0.8],
  [0.64, 0.48, 0.6],
];

/** Each direction under a matrix, given by rows. */
function under(matrix: Matrix): Given {
  const values = Float64Array.from(directions.values, (_, i) => {
    const [bead, axis, k] = [Math.floor(i / (3 * COUNT)), Math.floor(i / COUNT) % 3, i % COUNT];
    return matrix[axis]!.reduce((sum, m, j) => sum + m * directions.values[(3 * bead + j) * COUNT + k]!, 0);
  });
  return { ...directions, values };
}

const turned = under(turn);
const mirrored = under([
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, -1],
]);
const far = under([
  [1e4, 0, 0],
  [0, 1e4, 0],
  [0, 0, 1e4],
]);

async function told() {
  const out = await evaluated({ directions, turned, mirrored, far }, (given) => ({
    here: invariantsOf(given.directions),
    turned: invariantsOf(given.turned),
    mirrored: invariantsOf(given.mirrored),
    far: invariantsOf(given.far),
  }));
  const [angles, hands] = [0, 1].map((part) =>
    Object.fromEntries(
      Object.entries(out).map(([name, values]) => [
        name,
        [...values].filter((_, i) => (i % (HANDS + TRIPLES) < HANDS ? 0 : 1) === part),
      ]),
    ),
  );
  return { angles: angles!, hands: hands! };
}

it('tells a bead the same of a molecule that was turned', async () => {
  const { angles, hands } = await told();
  expect(angles.here).toHaveLength(BEADS * HANDS);
  expect(relativeError(angles.turned!, angles.here!)).toBeLessThan(1e-12);
  expect(relativeError(hands.turned!, hands.here!)).toBeLessThan(1e-12);
});

it('tells a mirror image by its hands alone', async () => {
  const { angles, hands } = await told();
  expect(relativeError(angles.mirrored!, angles.here!)).toBeLessThan(1e-12);
  expect(
    relativeError(
      hands.mirrored!,
      hands.here!.map((hand) => -hand),
    ),
  ).toBeLessThan(1e-12);
  expect(Math.max(...hands.here!.map(Math.abs))).toBeGreaterThan(0.1);
});

it('stays bounded however far the noise has carried a bead', async () => {
  const { angles, hands } = await told();
  for (const value of [...angles.far!, ...hands.far!]) expect(Math.abs(value)).toBeLessThanOrEqual(1);
});

it('draws beads along the lines between them, which turn with the molecule', async () => {
  const hidden = 6;
  const given = {
    h: numbersFor([BEADS, hidden], 1),
    from: numbersFor([hidden, hidden], 2),
    to: numbersFor([hidden, hidden], 3),
    x: numbersFor([BEADS, 3], 4),
    turn: { shape: [3, 3], values: turn.flat() },
  };
  const out = await evaluated(given, ({ h, from, to, x, turn }) => {
    const parts = { 'out.from.w': from, 'out.to.w': to };
    const turnedBy = (y: typeof x) => matmul(y, turn, false, true);
    const here = alongPairs(parts, h, x)!;
    return { here, expected: turnedBy(here), turned: alongPairs(parts, h, turnedBy(x))! };
  });
  expect(relativeError(out.turned!, out.expected!)).toBeLessThan(1e-12);
  expect(Math.max(...out.here!.map(Math.abs))).toBeGreaterThan(0.1);
});
