import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { decodeSafetensors, encodeSafetensors, type Safetensors, type StoredTensor } from './safetensors.ts';

const example: Safetensors = {
  tensors: new Map<string, StoredTensor>([
    ['bytes', { shape: [3], data: Uint8Array.of(1, 2, 255) }],
    ['weights', { shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 1e30, -0, Number.NaN) }],
    ['moments', { shape: [2], data: Float64Array.of(Math.PI, 1e300) }],
    ['steps', { shape: [], data: Int32Array.of(-7) }],
    ['random', { shape: [1, 2], data: Uint32Array.of(4294967295, 1) }],
    ['nothing', { shape: [0, 5], data: new Float32Array(0) }],
    ['__proto__', { shape: [1], data: Float32Array.of(3) }],
  ]),
  metadata: new Map([
    ['note', 'α, "quoted"\n'],
    ['format', 'ergodic'],
  ]),
};

/** A file from a hand-written header, which the encoder would not write. */
function fileOf(header: string, data: number[] | Uint8Array = [], declared?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, declared ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

test('what is written is read back, bit for bit', () => {
  const read = decodeSafetensors(encodeSafetensors(example), 'm.safetensors');
  expect(new Map([...read.tensors].sort())).toEqual(new Map([...example.tensors].sort()));
  expect(read.metadata).toEqual(example.metadata);
});

test('every array is aligned to its number size, and so is the data section', () => {
  const bytes = encodeSafetensors(example);
  const view = new DataView(bytes.buffer);
  const dataStart = 8 + Number(view.getBigUint64(0, true));
  expect(dataStart % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, dataStart)));
  for (const [name, tensor] of example.tensors) {
    const entry = Object.entries(header).find(([key]) => key === name)?.[1] as { data_offsets: [number, number] };
    expect(entry.data_offsets[0] % tensor.data.BYTES_PER_ELEMENT).toBe(0);
  }
});

test('a file that lies at an odd place in memory, with arrays at odd offsets, is read', () => {
  const header =
    '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}';
  const file = fileOf(header, [9, 0, 0, 128, 63]);
  const shifted = new Uint8Array(file.length + 3);
  shifted.set(file, 3);
  const read = decodeSafetensors(shifted.subarray(3), 'm.safetensors');
  expect(read.tensors.get('b')?.data).toEqual(Float32Array.of(1));
});

test("a Node Buffer inside Node's shared pool is read, and the arrays are copies", () => {
  const buffer = Buffer.from(encodeSafetensors(example));
  const read = decodeSafetensors(buffer, 'm.safetensors');
  buffer.fill(0);
  expect(read.tensors.get('moments')).toEqual(example.tensors.get('moments'));
});

test('a file cut off at any length is refused with a sentence', () => {
  const bytes = encodeSafetensors(example);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeSafetensors(bytes.subarray(0, length), 'm.safetensors')).toThrow(ErgodicError);
  }
  expect(() => decodeSafetensors(new Uint8Array([...bytes, 0]), 'm.safetensors')).toThrow(/1 bytes belong to no array/);
});

test('random flips are refused with a sentence or read, never a crash and never more memory than the file', () => {
  const bytes = encodeSafetensors(example);
  let seed = 12345;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 4294967296) * below);
  };
  let refused = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const damaged = bytes.slice();
    for (let flips = random(3); flips >= 0; flips--) damaged[random(damaged.length)]! ^= 1 << random(8);
    try {
      const { tensors } = decodeSafetensors(damaged, 'm.safetensors');
      const held = [...tensors.values()].reduce((sum, tensor) => sum + tensor.data.byteLength, 0);
      expect(held).toBeLessThan(bytes.length);
    } catch (error) {
      expect(error).toBeInstanceOf(ErgodicError);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(1000);
});

const f32 = (shape: string, offsets: string) => `{"a":{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}}`;
test.each<[string, Uint8Array, RegExp]>([
  ['a header length beyond the file', fileOf('{}', [], 2n ** 63n), /goes beyond its end \(byte 0\)/],
  ['a header that is not JSON', fileOf('{"a":'), /not JSON text \(byte 8\)/],
  ['a header that is a list', fileOf('[]'), /not a JSON object/],
  ['a deeply nested header', fileOf('['.repeat(200_000)), /not JSON text/],
  ['an unknown number type', fileOf('{"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}', [0, 0]), /"BF16"/],
  ['a type named like a method', fileOf('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,0]}}'), /"toString"/],
  ['a negative length', fileOf(f32('[-1]', '[0,4]'), [0, 0, 0, 0]), /shape of `a`/],
  ['a shape that overflows', fileOf(f32('[4294967296,4294967296,4294967296]', '[0,4]'), [0, 0, 0, 0]), /does not fill/],
  ['a shape larger than its bytes', fileOf(f32('[2]', '[0,4]'), [0, 0, 0, 0]), /does not fill its 4 bytes/],
  ['data beyond the end', fileOf(f32('[1]', '[0,4]'), [0, 0]), /data bytes 0 to 4 of 2/],
  ['data that ends before it begins', fileOf(f32('[1]', '[4,0]'), [0, 0, 0, 0]), /data bytes 4 to 0/],
  ['bytes that nobody owns', fileOf(f32('[1]', '[0,4]'), [0, 0, 0, 0, 0]), /1 bytes belong to no array/],
  [
    'two arrays on the same bytes',
    fileOf(
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      [0, 0],
    ),
    /overlap/,
  ],
  ['metadata that is not text', fileOf('{"__metadata__":{"a":1}}'), /metadata `a` is not text/],
])('%s is refused', (_, bytes, message) => {
  expect(() => decodeSafetensors(bytes, 'm.safetensors')).toThrow(message);
  expect(() => decodeSafetensors(bytes, 'm.safetensors')).toThrow(ErgodicError);
  expect(() => decodeSafetensors(bytes, 'm.safetensors')).toThrow(/^`m\.safetensors` is not a whole safetensors file/);
});

test('an array that does not fit its shape is not written', () => {
  const tensors = new Map([['w', { shape: [2, 2], data: Float32Array.of(1) }]]);
  expect(() => encodeSafetensors({ tensors, metadata: new Map() })).toThrow('Tensor `w` has 1 elements');
});
