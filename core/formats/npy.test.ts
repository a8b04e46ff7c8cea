import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { decodeNpy, encodeNpy } from './npy.ts';

/** numpy.save of numpy.array([[1.5, -2, 3]], dtype='<f8'), version 1, written out by hand. */
function handWritten(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length, ...text, ...data]);
}
const doubles = new Uint8Array(Float64Array.of(1.5, -2, 3).buffer);
const header = (type: string, shape: string, fortran = 'False') =>
  `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;

test.each([[[4, 2]], [[8]], [[2, 2, 2]], [[0, 2]], [[]]])('shape %j survives', (shape) => {
  const count = shape.reduce((product, length) => product * length, 1);
  const data = Float32Array.from({ length: count }, (_, index) => Math.fround(Math.sin(index)));
  const bytes = encodeNpy({ shape, data });
  expect(decodeNpy(bytes, 'a.npy')).toEqual({ shape, data });
  expect((bytes.length - data.byteLength) % 64).toBe(0);
});

test('what NumPy writes is read, in other number types and versions', () => {
  for (const version of [1, 2, 3]) {
    const read = decodeNpy(handWritten(header('<f8', '(1, 3)'), doubles, version), 'a.npy');
    expect(read).toEqual({ shape: [1, 3], data: Float32Array.of(1.5, -2, 3) });
  }
  const integers = new Uint8Array(BigInt64Array.of(-5n, 7n).buffer);
  expect(decodeNpy(handWritten(header('<i8', '(2,)', 'True'), integers), 'a.npy').data).toEqual(Float32Array.of(-5, 7));
});

test('the header is what NumPy parses: a Python dictionary ending in a newline', () => {
  const bytes = encodeNpy({ shape: [5], data: new Float32Array(5) });
  const text = new TextDecoder().decode(bytes.subarray(10, bytes.length - 20));
  expect(text).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(5,\), \} *\n$/);
});

test('a file cut off at any length is refused with a sentence', () => {
  const bytes = encodeNpy({ shape: [3, 2], data: new Float32Array(6) });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeNpy(bytes.subarray(0, length), 'a.npy')).toThrow(ErgodicError);
  }
});

test.each([
  ['another file', new TextEncoder().encode('x,y\n1,2\n3,4\n'), /does not begin like an NPY file \(byte 0\)/],
  ['big-endian numbers', handWritten(header('>f8', '(1, 3)'), doubles), /number type >f8/],
  ['Python objects', handWritten(header('|O', '(1, 3)'), doubles), /number type \|O/],
  ['Fortran order', handWritten(header('<f8', '(1, 3)', 'True'), doubles), /Fortran order/],
  ['a shape too large', handWritten(header('<f8', '(99999999999, 99999999999)'), doubles), /does not fill/],
  ['a negative length', handWritten(header('<f8', '(-3,)'), doubles), /no shape/],
])('%s is refused', (_, bytes, message) => {
  expect(() => decodeNpy(bytes, 'a.npy')).toThrow(message);
  expect(() => decodeNpy(bytes, 'a.npy')).toThrow(ErgodicError);
});
