/** Areas, places and order of what is drawn, against what geometry says. */
import { expect, test } from 'vitest';
import { type BallsAndTubes, type Eye, Painting } from './balls-and-tubes.ts';

const [WIDTH, HEIGHT] = [200, 160];
const GROUND = [250, 251, 252] as const;
/** At the origin, looking along −z; what is at z = −10 is 10 pixels large where it is 1 Å. */
const eye: Eye = {
  view: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  focal: 100,
  near: 1,
  fog: [50, 100],
  ground: GROUND,
};
const RED = [1, 0, 0];
const GREEN = [0, 1, 0];
const ball = (radius: number, colour = RED): BallsAndTubes => balls([radius], [colour]);
const balls = (radii: number[], colours: number[][]): BallsAndTubes => ({
  radii: Float32Array.from(radii),
  colours: Float32Array.from(colours.flat()),
  bonds: [],
  tubeRadii: new Float32Array(),
});

function drawn(model: BallsAndTubes, positions: number[], from: Partial<Eye> = {}) {
  const painting = new Painting(WIDTH, HEIGHT);
  painting.draw(model, Float32Array.from(positions), { ...eye, ...from });
  const at = (x: number, y: number) => [...painting.pixels.subarray(4 * (y * WIDTH + x), 4 * (y * WIDTH + x) + 3)];
  const isGround = (x: number, y: number) => String(at(x, y)) === String(GROUND);
  const covered: [number, number][] = [];
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) if (!isGround(x, y)) covered.push([x, y]);
  const mean = (axis: 0 | 1) => covered.reduce((sum, place) => sum + place[axis] + 0.5, 0) / covered.length;
  return { at, covered, centre: () => [mean(0), mean(1)] as const };
}

test('a ball is a disc of its radius where it is, smaller farther away', () => {
  for (const [distance, pixels] of [
    [10, 30],
    [20, 15],
  ] as const) {
    const { covered, centre } = drawn(ball(3), [2, -1, -distance]);
    expect(covered.length / (Math.PI * pixels ** 2)).toBeCloseTo(1, 1);
    const [x, y] = centre();
    expect(x).toBeCloseTo(WIDTH / 2 + (2 * 100) / distance, 0);
    expect(y).toBeCloseTo(HEIGHT / 2 + 100 / distance, 0);
  }
});

test('what is nearer hides what is farther, whichever comes first, and balls cut each other where they meet', () => {
  const both = [0, 0, -12, 0, 0, -10];
  const swapped = [0, 0, -10, 0, 0, -12];
  expect(drawn(balls([1, 1], [RED, GREEN]), both).at(100, 80)[1]).toBeGreaterThan(100);
  expect(drawn(balls([1, 1], [GREEN, RED]), swapped).at(100, 80)[1]).toBeGreaterThan(100);
  // The green one sticks out of the larger red one only near its middle.
  const inside = drawn(balls([2, 1.5], [RED, GREEN]), [0, 0, -10.5, 0, 0, -9.8]);
  expect(inside.at(100, 80)[1]).toBeGreaterThan(100);
  expect(inside.at(100 + 17, 80)[0]).toBeGreaterThan(inside.at(100 + 17, 80)[1]!);
});

test('a tube is as long and as wide as it is, half of it in the colour of each end', () => {
  const model = { ...balls([0, 0], [RED, GREEN]), bonds: [0, 1], tubeRadii: Float32Array.of(0.5) };
  const { covered, at } = drawn(model, [-4, 0, -10, 4, 0, -10]);
  expect(covered.length / (80 * 10)).toBeCloseTo(1, 1);
  expect(at(70, 80)[0]).toBeGreaterThan(at(70, 80)[1]!);
  expect(at(130, 80)[1]).toBeGreaterThan(at(130, 80)[0]!);
  const slanted = drawn(model, [-3, -1.7, -10, 3, 1.7, -10]);
  expect(slanted.covered.length / (20 * Math.hypot(3, 1.7) * 10)).toBeCloseTo(1, 1);
  // One end twice as far away: the colours meet where the middle is in space, not in the picture.
  const deep = drawn(model, [-4, 0, -10, 8, 0, -20]);
  const meeting = 100 + (2 * 100) / 15;
  expect(deep.at(Math.floor(meeting) - 3, 80)[0]).toBeGreaterThan(deep.at(Math.floor(meeting) - 3, 80)[1]!);
  expect(deep.at(Math.floor(meeting) + 3, 80)[1]).toBeGreaterThan(deep.at(Math.floor(meeting) + 3, 80)[0]!);
});

test('light comes from behind the eye; fog takes what is far', () => {
  const lit = drawn(ball(3), [0, 0, -10]);
  const [middle, edge] = [lit.at(100, 80)[0]!, lit.at(100 + 28, 80)[0]!];
  expect(middle).toBeGreaterThan(2 * edge);
  const far = drawn(ball(3), [0, 0, -10], { fog: [1, 10] });
  expect(far.covered).toEqual([]);
  const half = drawn(ball(3), [0, 0, -10], { fog: [5, 15] }).at(100, 80);
  lit.at(100, 80).forEach((value, c) => {
    expect(half[c]).toBeCloseTo((value + GROUND[c]!) / 2, -1);
  });
});

test('what is behind the eye, not finite or beyond the edges is left out, and nothing else', () => {
  for (const place of [
    [0, 0, 5],
    [0, 0, -0.5],
    [Number.NaN, 0, -10],
    [1e9, 0, -10],
    [0, 0, Number.NEGATIVE_INFINITY],
  ]) {
    expect(drawn(ball(3), place).covered).toEqual([]);
  }
  const cut = drawn(ball(3), [-10, 0, -10]);
  expect(cut.covered.length / (0.5 * Math.PI * 30 ** 2)).toBeCloseTo(1, 1);
});
