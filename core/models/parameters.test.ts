import { describe, expect, it } from 'vitest';
import { square } from '../program/functions.ts';
import { add, mul, sum } from '../program/primitives.ts';
import { evaluated, numbers } from './evaluated.test-support.ts';
import { dense, flatGradient, initialValues, layoutOf, split, weight } from './parameters.ts';

const layout = layoutOf([...dense('a', 3, 4), weight('b', 4, 1), ...dense('c', 5, 7)]);

describe('one flat vector of parameters', () => {
  it('leaves no gap and counts every number', () => {
    expect(layout.size).toBe(12 + 4 + 4 + 35 + 7);
    expect(layout.parameters.map(({ offset }) => offset)).toEqual([0, 12, 16, 20, 55]);
  });

  it('comes apart into the named tensors and back together', async () => {
    const values = numbers(layout.size);
    // The gradient of ½ Σ p² with respect to p is p: split and flatGradient are each other's inverse.
    const { flat, ...parts } = await evaluated({ p: { shape: [layout.size], values } }, ({ p }) => {
      const named = split(layout, p);
      const loss = Object.values(named)
        .map((part) => mul(sum(square(part)), 0.5))
        .reduce((a, b) => add(a, b));
      return { ...named, flat: flatGradient(loss, layout, named) };
    });
    expect(flat).toEqual(values);
    for (const { name, offset } of layout.parameters) {
      expect(parts[name]).toEqual(values.slice(offset, offset + parts[name]!.length));
    }
  });

  it('starts with variance 1 / fan-in, zero biases, exact in float32 and the same for the same seed', () => {
    const big = layoutOf(dense('a', 64, 500));
    const values = initialValues(big, 7);
    const weights = values.subarray(0, 64 * 500);
    const variance = weights.reduce((s, w) => s + w * w, 0) / weights.length;
    expect(variance * 64).toBeCloseTo(1, 1);
    expect(values.subarray(64 * 500).every((b) => b === 0)).toBe(true);
    expect(initialValues(big, 7)).toEqual(values);
    expect(initialValues(big, 8)).not.toEqual(values);
  });

  it('refuses two tensors of one name', () => {
    expect(() => layoutOf([weight('a', 1, 1), weight('a', 2, 2)])).toThrow("Two parameters are called 'a.w'.");
  });
});
