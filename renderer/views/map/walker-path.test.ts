import { describe, expect, test } from 'vitest';
import type { Axis } from '../../../core/host/contract.ts';
import { piecesOf } from './walker-path.ts';

const turn: Axis = { label: 'φ', limits: [-Math.PI, Math.PI], periodic: true };
const length: Axis = { label: 'r', limits: [0, 2], periodic: false };

describe('the way of a walker', () => {
  test('is one piece for each step, from old to new', () => {
    const pieces = piecesOf([turn, length], [0, 1, 0.1, 1.1, 0.2, 1]);
    expect(pieces.map(({ recency }) => recency)).toEqual([0, 1]);
    expect(pieces[1]).toMatchObject({ from: [0.1, 1.1], to: [0.2, 1] });
  });

  test('that crosses the end of a periodic axis goes out on one side and comes in on the other', () => {
    const pieces = piecesOf([turn, length], [3, 1, -3, 1.2]);
    expect(pieces).toHaveLength(2);
    const [out, back] = pieces;
    expect(out!.from).toEqual([3, 1]);
    expect(out!.to[0]).toBeCloseTo(2 * Math.PI - 3, 12);
    expect(back!.from[0]).toBeCloseTo(3 - 2 * Math.PI, 12);
    expect(back!.to).toEqual([-3, 1.2]);
    for (const { from, to } of pieces) expect(Math.abs(to[0] - from[0])).toBeCloseTo(2 * Math.PI - 6, 12);
  });

  test('a long step along an axis that is not periodic is one piece', () => {
    expect(piecesOf([length, length], [0, 0, 1.9, 1.9])).toHaveLength(1);
  });

  test('a place that is not known interrupts it', () => {
    expect(piecesOf([length, length], [0, 0, Number.NaN, 0, 1, 1, 1, 0])).toHaveLength(1);
  });

  test('of one place has no pieces', () => {
    expect(piecesOf([length, length], [0, 0])).toEqual([]);
    expect(piecesOf([length, length], [])).toEqual([]);
  });
});
