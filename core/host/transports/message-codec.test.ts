/** Messages as bytes and back: what a window and a host say is the same afterwards, and nonsense is no message. */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from './message-codec.ts';

const back = (message: unknown) => decodeMessage(encodeMessage(message));

/** Numbers that look random and are the same every time (xorshift). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function anyValue(next: (below: number) => number, depth: number): unknown {
  const choice = next(depth > 0 ? 12 : 8);
  if (choice === 0) return null;
  if (choice === 1) return next(2) === 0;
  if (choice === 2) return next(1_000_000) / 7 - 1000;
  if (choice === 3) return [Number.NaN, Infinity, -Infinity, 0][next(4)];
  if (choice === 4) return ['', 'φ/ψ', '"\\', '[{', '\u2028', '💧', '__proto__'][next(7)];
  if (choice === 5) return Float32Array.from({ length: next(40) }, () => next(1000) / 3);
  if (choice === 6) return Uint32Array.from({ length: next(7) }, () => next(4_000_000_000));
  if (choice === 7) return Array.from({ length: next(5) }, () => [1.5, Number.NaN, -Infinity][next(3)]);
  if (choice < 10) return Array.from({ length: next(4) }, () => anyValue(next, depth - 1));
  const names = ['a', '__proto__', 'constructor', 'message', 'arrays', '', '0', 'toString'];
  return Object.fromEntries(
    Array.from({ length: next(4) }, () => [names[next(names.length)]!, anyValue(next, depth - 1)]),
  );
}

test('five thousand values of every kind come back as they were', () => {
  const next = numbers(20251);
  for (let round = 0; round < 5000; round++) {
    const value = anyValue(next, 5);
    // Vitest's own comparison takes an entry named __proto__ for the prototype.
    expect(isDeepStrictEqual(back(value), value), JSON.stringify(value)).toBe(true);
  }
});

test('a frame keeps its positions to the bit, and they are not copied', () => {
  const positions = Float32Array.from({ length: 900 }, (_, index) => Math.fround(Math.sin(index) * 3));
  positions[17] = Number.NaN;
  const frame = {
    type: 'frames',
    stream: 's1',
    frames: [{ step: 12, time: 0.024, positions, at: [-1.2, 2.9], dropped: 0 }],
    seconds: 0,
  };
  const bytes = encodeMessage(frame);
  expect(bytes.length).toBeLessThan(900 * 4 + 300);
  const read = decodeMessage(bytes) as typeof frame;
  expect(read).toStrictEqual(frame);
  expect(read.frames[0]!.positions.buffer).toBe(bytes.buffer);
});

test('bytes that begin anywhere in memory are read', () => {
  const message = { energy: Float32Array.of(1, 2, 3), error: [0.5, Number.NaN], pairs: Uint32Array.of(7, 8) };
  const bytes = encodeMessage(message);
  for (let shift = 0; shift < 9; shift++) {
    const shifted = new Uint8Array(bytes.length + 9).subarray(shift, shift + bytes.length);
    shifted.set(bytes);
    expect(decodeMessage(shifted)).toStrictEqual(message);
  }
});

test('what a person writes is never taken for an array', () => {
  const draft = { arrays: [['f32', 1, 'x']], message: null, x: null, $array: 0 };
  expect(back(draft)).toStrictEqual(draft);
});

/** A message of one's own making. */
function spelled(head: unknown, tail = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(typeof head === 'string' ? head : JSON.stringify(head));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const bytes = new Uint8Array(start + tail.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(tail, start);
  return bytes;
}

test.each([
  ['a length that no memory holds', { message: { a: null }, arrays: [['f32', 2 ** 52, 'a']] }],
  ['more numbers than there are bytes', { message: { a: null }, arrays: [['f32', 3, 'a']] }],
  ['a negative length', { message: { a: null }, arrays: [['f32', -2, 'a']] }],
  ['half a number', { message: { a: null }, arrays: [['f32', 0.5, 'a']] }],
  ['an unknown kind', { message: { a: null }, arrays: [['constructor', 2, 'a']] }],
  ['a place that is taken', { message: { a: 1 }, arrays: [['f32', 2, 'a']] }],
  ['a place that is not there', { message: {}, arrays: [['f32', 2, 'a']] }],
  ['a place of every object', { message: {}, arrays: [['f32', 2, '__proto__', 'polluted']] }],
  ['a place inside a word', { message: 'abc', arrays: [['f32', 2, 0]] }],
  [
    'one place twice',
    {
      message: [null],
      arrays: [
        ['u32', 1, 0],
        ['u32', 1, 0],
      ],
    },
  ],
  [
    'a place inside numbers',
    {
      message: null,
      arrays: [
        ['u32', 1],
        ['u32', 1, 0],
      ],
    },
  ],
  ['bytes that belong to nothing', { message: null, arrays: [] }],
  ['no list of arrays', { message: null }],
  ['a list that is none', { message: null, arrays: { length: 1 } }],
  ['half a JSON', '{"message": {"a": nul'],
  ['brackets without an end', `{"message": ${'['.repeat(100_000)}`],
  ['nesting too deep to walk', `{"message": ${'['.repeat(70)}${']'.repeat(70)}, "arrays": []}`],
])('no message: %s', (_, head) => {
  expect(decodeMessage(spelled(head, new Uint8Array(8)))).toBeUndefined();
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a head longer than the bytes is no message', () => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(0, 0xffffffff, true);
  expect(decodeMessage(bytes)).toBeUndefined();
});

test('a message that was cut, or in which a byte was changed, never throws', () => {
  const bytes = encodeMessage({ a: Float32Array.of(1, 2, 3), b: [1, Infinity], c: { d: 'words', e: [null, true] } });
  for (let length = 0; length < bytes.length; length++) {
    expect(decodeMessage(bytes.slice(0, length))).toBeUndefined();
  }
  const next = numbers(77);
  let unread = 0;
  for (let round = 0; round < 20_000; round++) {
    const changed = bytes.slice();
    for (let change = 0; change <= next(3); change++) changed[next(changed.length)] = next(256);
    if (decodeMessage(changed) === undefined) unread += 1;
  }
  expect(unread).toBeGreaterThan(5000);
});

test('bytes of any kind never throw', () => {
  const next = numbers(5);
  for (let round = 0; round < 5000; round++) {
    const bytes = Uint8Array.from({ length: next(64) }, () => next(256));
    if (bytes.length > 4) bytes[1] = bytes[2] = bytes[3] = 0;
    decodeMessage(bytes);
  }
});
