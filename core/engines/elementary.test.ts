import { describe, expect, test } from 'vitest';
import { boxMuller, cos, cosSinOfTurns, exp, type LaneOps, log, roundedByAdding, sin, tanh } from './elementary.ts';

const asInt = new Int32Array(1);
const asFloat = new Float32Array(asInt.buffer);
const bitsOf = (value: number): number => {
  asFloat[0] = value;
  return asInt[0]!;
};
const floatOf = (bits: number): number => {
  asInt[0] = bits;
  return asFloat[0]!;
};

/** One lane, as its 32 bits in a signed integer. `bitsOf` rounds, so each operation below rounds once per call of it. */
function oneLane(fused: boolean): LaneOps<number> {
  const f = floatOf;
  const mask = (yes: boolean): number => (yes ? -1 : 0);
  const nearest = (x: number): number => {
    const below = Math.floor(x);
    const rest = x - below;
    return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  };
  const o: LaneOps<number> = {
    constant: bitsOf,
    constantBits: (bits) => bits | 0,
    add: (a, b) => bitsOf(f(a) + f(b)),
    sub: (a, b) => bitsOf(f(a) - f(b)),
    mul: (a, b) => bitsOf(f(a) * f(b)),
    div: (a, b) => bitsOf(f(a) / f(b)),
    // Fused: the float64 product is exact, and rounding its sum twice differs from once in about 1 of 2²⁹ cases.
    madd: (a, b, c) => bitsOf((fused ? f(a) * f(b) : Math.fround(f(a) * f(b))) + f(c)),
    neg: (a) => a ^ -(2 ** 31),
    abs: (a) => a & (2 ** 31 - 1),
    sqrt: (a) => bitsOf(Math.sqrt(f(a))),
    floor: (a) => bitsOf(Math.floor(f(a))),
    nearest: (a) => bitsOf(nearest(f(a))),
    rounded: (...words) => roundedByAdding(o, ...words),
    min: (a, b) => (f(b) < f(a) ? b : a),
    max: (a, b) => (f(a) < f(b) ? b : a),
    lessThan: (a, b) => mask(f(a) < f(b)),
    equal: (a, b) => mask(f(a) === f(b)),
    select: (m, a, b) => (m & a) | (~m & b),
    toInt: (a) => Math.min(Math.max(Math.trunc(f(a)) || 0, -(2 ** 31)), 2 ** 31 - 1),
    fromInt: (a) => bitsOf(a),
    addInt: (a, b) => (a + b) | 0,
    subInt: (a, b) => (a - b) | 0,
    and: (a, b) => a & b,
    or: (a, b) => a | b,
    xor: (a, b) => a ^ b,
    shiftLeft: (a, bits) => a << bits,
    shiftRight: (a, bits) => (a >>> bits) | 0,
    shiftRightSigned: (a, bits) => a >> bits,
  };
  return o;
}

type LaneFunction = <V>(o: LaneOps<V>, x: V) => V;

/** The spacing of float32 numbers at x. */
function spacing(x: number): number {
  const exponent = Math.max((bitsOf(Math.abs(x)) >>> 23) - 127, -126);
  return 2 ** (Math.min(exponent, 127) - 23);
}

const smallestNormal = 2 ** -126;

/** Every `stride`-th positive float32 from `low` to `high`, and the same negative. */
function* sweep(low: number, high: number, stride: number): Generator<number> {
  for (let bits = bitsOf(low); bits <= bitsOf(high); bits += stride) {
    yield floatOf(bits);
    yield -floatOf(bits);
  }
}

/** The largest error in ulp over `points`; an infinite or NaN expectation must be met as it is. */
function worstUlp(
  name: string,
  candidate: LaneFunction,
  exact: (x: number) => number,
  fused: boolean,
  points: Iterable<number>,
  allowance = (_x: number): number => 0,
): number {
  const o = oneLane(fused);
  let worst = 0;
  let where = 0;
  for (const x of points) {
    const truth = exact(x);
    const value = floatOf(candidate(o, bitsOf(x)));
    if (!Number.isFinite(Math.fround(truth)) || !Number.isFinite(value)) {
      if (!Object.is(value, Math.fround(truth))) return Number.POSITIVE_INFINITY;
      continue;
    }
    const error = Math.max(0, Math.abs(value - truth) - allowance(x)) / spacing(truth);
    if (error > worst) {
      worst = error;
      where = x;
    }
  }
  if (process.env.ERGODIC_SHOW_ULP)
    console.log(`${name} ${fused ? 'fused' : 'unfused'}: ${worst.toFixed(2)} ulp at ${where}`);
  return worst;
}

const everything = (): Iterable<number> => sweep(0, 3.4028234663852886e38, 8209);
const at = (candidate: LaneFunction, x: number, fused: boolean): number =>
  floatOf(candidate(oneLane(fused), bitsOf(x)));

describe('with fused multiply-add', () => accurate(true));
describe('with unfused multiply-add', { tags: ['full'] }, () => accurate(false));

function accurate(fused: boolean): void {
  test('exp is within 4 ulp where the result is normal and 0 below', () => {
    const flushed = (x: number): number => (Math.exp(x) < smallestNormal ? 0 : Math.exp(x));
    expect(worstUlp('exp', exp, flushed, fused, everything())).toBeLessThan(4);
    expect(worstUlp('exp', exp, flushed, fused, sweep(2 ** -12, 89, 331))).toBeLessThan(4);
    expect(worstUlp('exp at its ends', exp, flushed, fused, sweep(87, 89, 1))).toBeLessThan(4);
    expect(at(exp, 0, fused)).toBe(1);
    expect(at(exp, -Infinity, fused)).toBe(0);
    expect(at(exp, Infinity, fused)).toBe(Infinity);
    expect(at(exp, NaN, fused)).toBeNaN();
  });

  test('log is within 4 ulp, denormals included', () => {
    const points = everything();
    expect(worstUlp('log', log, Math.log, fused, positive(points))).toBeLessThan(4);
    expect(worstUlp('log', log, Math.log, fused, positive(sweep(0.5, 2, 61)))).toBeLessThan(4);
    expect(worstUlp('log', log, Math.log, fused, positive(sweep(2 ** -149, 2 ** -126, 97)))).toBeLessThan(4);
    expect(at(log, 1, fused)).toBe(0);
    expect(at(log, 0, fused)).toBe(-Infinity);
    expect(at(log, -0, fused)).toBe(-Infinity);
    expect(at(log, Infinity, fused)).toBe(Infinity);
    for (const x of [-1e-45, -1, -Infinity, NaN]) expect(at(log, x, fused)).toBeNaN();
  });

  test('tanh is within 4 ulp, relative to small x as well', () => {
    expect(worstUlp('tanh', tanh, Math.tanh, fused, everything())).toBeLessThan(4);
    expect(worstUlp('tanh', tanh, Math.tanh, fused, sweep(2 ** -7, 10, 97))).toBeLessThan(4);
    for (const x of [0, -0, 1e-45, -1e-39, 1e-20]) expect(at(tanh, x, fused)).toBe(Math.fround(x));
    expect(at(tanh, NaN, fused)).toBeNaN();
  });

  test('tanh rises to exactly 1 and never above it', () => {
    for (const x of [9.6, 9.7, 9.9, 11, 20, 3e38, Infinity]) {
      expect(at(tanh, x, fused)).toBe(1);
      expect(at(tanh, -x, fused)).toBe(-1);
    }
    let largest = 0;
    for (let bits = bitsOf(4); bits <= bitsOf(10); bits += 17) {
      largest = Math.max(largest, at(tanh, floatOf(bits), fused));
    }
    expect(largest).toBe(1);
    for (let x = 4; x < 10; x += 1 / 64) {
      // From one 64th to the next the exact rise falls below the error of 4 ulp at about 6.
      expect(at(tanh, x + 1 / 64, fused) - at(tanh, x, fused)).toBeGreaterThanOrEqual(x < 6 ? 0 : -(2 ** -22));
    }
  });

  test('sin and cos are within 4 ulp, or 2⁻²⁵ near a zero, up to 10⁴', () => {
    const nearZero = (): number => 2 ** -25;
    for (const points of [() => sweep(2 ** -149, 1e4, 8209), () => sweep(2 ** -4, 100, 307)]) {
      expect(worstUlp('sin', sin, Math.sin, fused, points(), nearZero)).toBeLessThan(4);
      expect(worstUlp('cos', cos, Math.cos, fused, points(), nearZero)).toBeLessThan(4);
    }
    for (const x of [0, 1e-45, -1e-39, 1e-20]) expect(at(sin, x, fused)).toBe(Math.fround(x));
    expect(Math.abs(at(cos, 0, fused) - 1)).toBeLessThanOrEqual(2 ** -24);
  });

  test('sin and cos stay in [-1, 1] for every finite number', () => {
    const o = oneLane(fused);
    let largest = 0;
    for (const points of [everything(), sweep(1, 10, 307), sweep(1.55, 1.5712, 1)]) {
      for (const x of points) {
        const [s, c] = [floatOf(sin(o, bitsOf(x))), floatOf(cos(o, bitsOf(x)))];
        largest = Math.max(largest, Math.abs(s), Math.abs(c));
      }
    }
    expect(largest).toBe(1);
    for (const x of [NaN, Infinity, -Infinity]) {
      expect(at(sin, x, fused)).toBeNaN();
      expect(at(cos, x, fused)).toBeNaN();
    }
  });

  test('cosine and sine of turns are exact at quarters and within 4 ulp elsewhere', () => {
    const cosine: LaneFunction = (o, u) => cosSinOfTurns(o, u)[0];
    const sine: LaneFunction = (o, u) => cosSinOfTurns(o, u)[1];
    expect([0, 0.25, 0.5, 0.75, 1].map((u) => at(cosine, u, fused) + 0)).toEqual([1, 0, -1, 0, 1]);
    expect([0, 0.25, 0.5, 0.75, 1].map((u) => at(sine, u, fused) + 0)).toEqual([0, 1, 0, -1, 0]);
    const exactCosine = (u: number): number => Math.sin(2 * Math.PI * (Math.abs(u - 0.5) - 0.25));
    const exactSine = (u: number): number => Math.sin(2 * Math.PI * (u < 0.25 ? u : u > 0.75 ? u - 1 : 0.5 - u));
    // The subtraction 0.5 - u is exact for multiples of 2⁻²⁵, the finest that uniform numbers come in.
    const turns = Array.from({ length: 300_000 }, (_, i) => Math.fround((i * 111 + 1) / 2 ** 25));
    expect(worstUlp('cosine of turns', cosine, exactCosine, fused, turns)).toBeLessThan(4);
    expect(worstUlp('sine of turns', sine, exactSine, fused, turns)).toBeLessThan(4);
  });

  test('boxMuller gives two standard normal numbers', () => {
    const o = oneLane(fused);
    const n = 512;
    const moments = [0, 0, 0, 0];
    let product = 0;
    let worst = 0;
    for (let i = 0; i < n; i++) {
      // Midpoints in the quantile of u₁ with a cubic clustering at 0, where -2 ln u₁ is singular.
      const q = (i + 0.5) / n;
      const u1 = Math.fround(q ** 3);
      const weight = (3 * q * q) / n / n;
      for (let j = 0; j < n; j++) {
        const u2 = Math.fround((j + 0.5) / n);
        const [a, b] = boxMuller(o, bitsOf(u1), bitsOf(u2)).map(floatOf) as [number, number];
        const radius = Math.sqrt(-2 * Math.log(u1));
        worst = Math.max(worst, Math.abs(a - radius * Math.cos(2 * Math.PI * u2)) / radius);
        worst = Math.max(worst, Math.abs(b - radius * Math.sin(2 * Math.PI * u2)) / radius);
        for (let k = 0; k < 4; k++) moments[k]! += 0.5 * weight * (a ** (k + 1) + b ** (k + 1));
        product += weight * a * b;
      }
    }
    const [mean, variance, skewness, kurtosis] = moments as [number, number, number, number];
    expect(worst).toBeLessThan(2 ** -21);
    expect(Math.abs(mean)).toBeLessThan(1e-6);
    expect(Math.abs(variance - 1)).toBeLessThan(1e-4);
    expect(Math.abs(skewness)).toBeLessThan(1e-6);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(1e-3);
    expect(Math.abs(product)).toBeLessThan(1e-6);
  });

  test('boxMuller is finite and bounded at the ends of its range', () => {
    const o = oneLane(fused);
    for (const u1 of [smallestNormal, 2 ** -33, 2 ** -24, 0.5, 1 - 2 ** -24, 1]) {
      for (const u2 of [0, 2 ** -33, 0.25, 0.5, 1 - 2 ** -24, 1]) {
        for (const value of boxMuller(o, bitsOf(u1), bitsOf(u2)).map(floatOf)) {
          expect(Math.abs(value)).toBeLessThanOrEqual(Math.sqrt(-2 * Math.log(u1)) * (1 + 1e-6));
        }
      }
    }
  });
}

function* positive(points: Iterable<number>): Generator<number> {
  for (const x of points) if (x > 0) yield x;
}
