import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { encodeNpy, type NumberArray } from './npy.ts';
import { decodeSamples, formatOf, samplesHead, samplesRows } from './samples.ts';

const samples = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
const trajectory = { shape: [2, 3, 2], data: Float32Array.from({ length: 12 }, (_, index) => index / 8) };

/** Written in pieces of `rows` rows. */
function encodeSamples(name: string, { shape, data }: NumberArray, rows = 1000): Uint8Array {
  const pieces = [samplesHead(name, shape)];
  const width = shape.at(-1)!;
  for (let row = 0; row * width < data.length; row += rows) {
    pieces.push(samplesRows(name, shape, data.subarray(row * width, (row + rows) * width), row));
  }
  return Buffer.concat(pieces);
}

test.each(['npy', 'csv'])('samples and trajectories survive as .%s', (extension) => {
  const name = `out.${extension}`;
  expect(decodeSamples(name, encodeSamples(name, samples))).toEqual(samples);
  expect(decodeSamples(name, encodeSamples(name, trajectory))).toEqual(trajectory);
  for (const rows of [1, 2, 5]) {
    expect(decodeSamples(name, encodeSamples(name, samples, rows))).toEqual(samples);
    expect(decodeSamples(name, encodeSamples(name, trajectory, rows))).toEqual(trajectory);
  }
});

test('a trajectory in CSV says which frame and replica a row is', () => {
  const lines = new TextDecoder().decode(encodeSamples('out.csv', trajectory)).split('\n');
  expect(lines[0]).toBe('frame,replica,x1,x2');
  expect(lines[5]).toBe('1,1,1,1.125');
});

test('a trajectory in CSV with a row missing is refused', () => {
  const lines = new TextDecoder().decode(encodeSamples('out.csv', trajectory)).split('\n');
  const without = (row: number) => new TextEncoder().encode(lines.filter((_, index) => index !== row).join('\n'));
  expect(() => decodeSamples('out.csv', without(2))).toThrow(ErgodicError);
  expect(() => decodeSamples('out.csv', without(6))).toThrow(ErgodicError);
});

test('a file name must name a format, an array must be samples', () => {
  expect(() => formatOf('out')).toThrow('`out` names no format for samples: end it in .npy or .csv.');
  expect(formatOf('some.dir/OUT.NPY')).toBe('npy');
  const flat = encodeNpy({ shape: [4], data: new Float32Array(4) });
  expect(() => decodeSamples('flat.npy', flat)).toThrow('holds an array of 1 axes');
});
