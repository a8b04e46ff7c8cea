/**
 * Arrays of floats as XDR has them (RFC 4506): IEEE numbers of four or eight bytes, the highest byte first, which is
 * what a DataView reads and writes by itself. The caller has seen to it that the bytes are there.
 */
import type { Coordinates } from './trajectory.ts';

export type FloatBytes = 4 | 8;

export function readFloats(view: DataView, offset: number, count: number, floatBytes: FloatBytes): Coordinates {
  if (floatBytes === 4) {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = view.getFloat32(offset + 4 * i);
    return values;
  }
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = view.getFloat64(offset + 8 * i);
  return values;
}

export function writeFloats(
  view: DataView,
  offset: number,
  values: Coordinates | readonly number[],
  floatBytes: FloatBytes,
): void {
  const { length } = values;
  if (floatBytes === 4) for (let i = 0; i < length; i++) view.setFloat32(offset + 4 * i, values[i]!);
  else for (let i = 0; i < length; i++) view.setFloat64(offset + 8 * i, values[i]!);
}

/** Whether all are zero, which is how files say that there is no cell. */
export function isZero(view: DataView, offset: number, count: number, floatBytes: FloatBytes): boolean {
  for (let at = offset; at < offset + count * floatBytes; at += floatBytes) {
    if ((floatBytes === 4 ? view.getFloat32(at) : view.getFloat64(at)) !== 0) return false;
  }
  return true;
}
