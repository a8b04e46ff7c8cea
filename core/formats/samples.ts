/**
 * Sample sets and trajectories of toy systems as bytes, in the format the file name asks for: .npy or .csv.
 * Shapes: samples are [count, dimensions], trajectories are [frames, replicas, dimensions].
 * In CSV a trajectory has two more columns in front, `frame` and `replica`, and reads back as a trajectory.
 */
import { ErgodicError } from '../errors.ts';
import { csvHead, csvRows, decodeCsv } from './csv.ts';
import { decodeNpy, type NumberArray, npyBody, npyHead } from './npy.ts';

const INDEX_COLUMNS = ['frame', 'replica'];

/** What comes first in the file. Rows follow with `samplesRows`, in as many pieces as one likes. */
export const samplesHead = (fileName: string, shape: readonly number[]): Uint8Array =>
  formatOf(fileName) === 'npy' ? npyHead(shape) : new TextEncoder().encode(csvHead(columnsOf(shape)));

/** Some whole rows (samples; positions of one replica), beginning with row number `firstRow`. */
export const samplesRows = (
  fileName: string,
  shape: readonly number[],
  rows: Float32Array,
  firstRow: number,
): Uint8Array =>
  formatOf(fileName) === 'npy' ? npyBody(rows) : new TextEncoder().encode(csvOf(shape, rows, firstRow));

export function decodeSamples(fileName: string, bytes: Uint8Array): NumberArray {
  const samples =
    formatOf(fileName) === 'npy' ? decodeNpy(bytes, fileName) : fromCsv(new TextDecoder().decode(bytes), fileName);
  const axes = samples.shape.length;
  if (axes === 2 || axes === 3) return samples;
  throw new ErgodicError(
    `\`${fileName}\` holds an array of ${axes} axes; samples have 2 (count, dimensions) and trajectories 3 ` +
      '(frames, replicas, dimensions).',
  );
}

/** Refuses a file name that names no known format; call it before the work whose result goes there. */
export function formatOf(fileName: string): 'npy' | 'csv' {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase();
  if (extension === 'npy' || extension === 'csv') return extension;
  throw new ErgodicError(`\`${fileName}\` names no format for samples: end it in .npy or .csv.`, { usage: true });
}

function columnsOf(shape: readonly number[]): string[] {
  const names = Array.from({ length: shape.at(-1) ?? 0 }, (_, index) => `x${index + 1}`);
  return shape.length < 3 ? names : [...INDEX_COLUMNS, ...names];
}

function csvOf(shape: readonly number[], rows: Float32Array, firstRow: number): string {
  const dimensions = shape.at(-1)!;
  if (shape.length < 3) return csvRows(rows, dimensions);
  const replicas = shape[1]!;
  const columns = INDEX_COLUMNS.length + dimensions;
  const count = rows.length / dimensions;
  const values = new Float64Array(count * columns);
  for (let row = 0; row < count; row++) {
    values[row * columns] = Math.floor((firstRow + row) / replicas);
    values[row * columns + 1] = (firstRow + row) % replicas;
    values.set(rows.subarray(row * dimensions, (row + 1) * dimensions), row * columns + INDEX_COLUMNS.length);
  }
  return csvRows(values, columns);
}

function fromCsv(text: string, fileName: string): NumberArray {
  const { columns, values } = decodeCsv(text, fileName);
  const rows = values.length / columns.length;
  if (!INDEX_COLUMNS.every((name, index) => columns[index] === name)) {
    return { shape: [rows, columns.length], data: values };
  }
  const dimensions = columns.length - INDEX_COLUMNS.length;
  const lastRow = (rows - 1) * columns.length;
  const frames = rows === 0 ? 0 : values[lastRow]! + 1;
  const replicas = rows === 0 ? 0 : values[lastRow + 1]! + 1;
  const data = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const start = row * columns.length;
    if (values[start] !== Math.floor(row / replicas) || values[start + 1] !== row % replicas) {
      throw new ErgodicError(
        `\`${fileName}\` is not a whole trajectory: data row ${row + 1} is frame ${values[start]}, replica ` +
          `${values[start + 1]}; rows must run through all replicas of each frame in order.`,
      );
    }
    data.set(values.subarray(start + INDEX_COLUMNS.length, start + columns.length), row * dimensions);
  }
  if (rows !== frames * replicas) {
    throw new ErgodicError(`\`${fileName}\` is not a whole trajectory: its last frame is cut off.`);
  }
  return { shape: [frames, replicas, dimensions], data };
}
