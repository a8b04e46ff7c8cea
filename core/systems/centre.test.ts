import { expect, test } from 'vitest';
import { centre, coordinateScale } from './centre.ts';
import { gaussianSource } from './toys/gaussian.ts';

test('each frame is moved to its own centre, and nothing else changes', () => {
  const positions = Float64Array.of(1, 2, 3, 3, 2, 1, 10, 0, 0, 10, 4, 0);
  centre(positions, 2);
  expect(positions).toEqual(Float64Array.of(-1, 0, 1, 1, 0, -1, 0, -2, 0, 0, 2, 0));
  const single = Float32Array.of(5, 5, 5);
  centre(single);
  expect(single).toEqual(new Float32Array(3));
});

test('a large frame in single precision is centred to its last digit', () => {
  const next = gaussianSource(2);
  const positions = Float32Array.from({ length: 3 * 100_000 }, () => 100 + next());
  centre(positions);
  for (let axis = 0; axis < 3; axis++) {
    let sum = 0;
    for (let at = axis; at < positions.length; at += 3) sum += positions[at]!;
    expect(Math.abs(sum / 100_000)).toBeLessThan(1e-6);
  }
});

test('the scale is the standard deviation of the centred data, wherever the frames are and however they come', () => {
  const next = gaussianSource(3);
  const frames = 2000;
  const data = Float32Array.from({ length: frames * 12 }, (_, k) => 0.2 * next() + 10 * Math.floor(k / 12));
  const whole = coordinateScale();
  whole.add(data, 4);
  const pieces = coordinateScale();
  for (let frame = 0; frame < frames; frame++) pieces.add(data.subarray(12 * frame, 12 * frame + 12));
  expect(pieces.value()).toBeCloseTo(whole.value(), 12);
  // Four atoms lose one part in four of their variance to the centre.
  expect(whole.value()).toBeCloseTo(0.2 * Math.sqrt(3 / 4), 2);
  const centred = data.slice();
  centre(centred, 4);
  const mean = centred.reduce((a, b) => a + b) / centred.length;
  const variance = centred.reduce((sum, value) => sum + (value - mean) ** 2, 0) / centred.length;
  expect(whole.value()).toBeCloseTo(Math.sqrt(variance), 6);
});

test('what has no scale says so', () => {
  const scale = coordinateScale();
  expect(() => scale.value()).toThrow(/no frames/);
  scale.add(Float32Array.of(1, 1, 1));
  expect(() => scale.value()).toThrow(/all the same/);
  scale.add(Float32Array.of(Number.NaN, 1, 1));
  expect(() => scale.value()).toThrow(/not numbers/);
});
