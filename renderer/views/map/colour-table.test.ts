import { describe, expect, test } from 'vitest';
import { diverging, sequential } from '../../../core/analysis/figures/colour-map.ts';
import { labOf } from '../../../core/analysis/figures/lab.test-support.ts';
import { colourAt, colourTable, shade } from './colour-table.ts';

const lightness = (name: Parameters<typeof colourAt>[0], i: number) => labOf(colourAt(name, i / 255))[0];
const indices = Array.from({ length: 256 }, (_, i) => i);

describe('colour tables', () => {
  test('are those of the exported figures', () => {
    for (const i of indices) {
      expect(colourAt('uniform', i / 255)).toBe(sequential(i / 255));
      expect(colourAt('difference', i / 255)).toBe(diverging(i / 255));
    }
  });

  test('uniform rises in lightness by equal steps', () => {
    const step = (lightness('uniform', 255) - lightness('uniform', 0)) / 255;
    for (const i of indices.slice(8)) {
      expect(lightness('uniform', i) - lightness('uniform', i - 8)).toBeCloseTo(8 * step, 2);
    }
  });

  test('a difference is lightest in the middle and equally dark at its ends', () => {
    expect(lightness('difference', 0)).toBeCloseTo(lightness('difference', 255), 2);
    expect(lightness('difference', 128)).toBeGreaterThan(0.93);
  });

  test('contacts go away from the ground, by lightness alone', () => {
    for (const i of indices.slice(1)) {
      expect(lightness('contact', i)).toBeLessThanOrEqual(lightness('contact', i - 1) + 1e-3);
      expect(lightness('contact-dark', i)).toBeGreaterThanOrEqual(lightness('contact-dark', i - 1) - 1e-3);
    }
  });

  test('turbo goes from dark blue over green to dark red', () => {
    const at = (i: number) => [...colourTable('turbo').slice(3 * i, 3 * i + 3)] as [number, number, number];
    expect(at(0)[2]).toBeGreaterThan(at(0)[1]);
    expect(Math.max(...at(128))).toBe(at(128)[1]);
    expect(Math.max(...at(255))).toBe(at(255)[0]);
  });

  test('what lies beyond a scale has the colour of its end', () => {
    expect([shade(-3, 0, 8), shade(0, 0, 8), shade(4, 0, 8), shade(8, 0, 8), shade(99, 0, 8)]).toEqual([
      0, 0, 128, 255, 255,
    ]);
  });
});
