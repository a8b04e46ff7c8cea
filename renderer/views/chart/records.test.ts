import { describe, expect, test } from 'vitest';
import { RingBuffer } from './ring-buffer.ts';
import { WholeRecord } from './whole-record.ts';

describe('the last rows', () => {
  test('are kept in order, and no more of them', () => {
    const ring = new RingBuffer(2, 5);
    for (let i = 0; i < 12; i++) {
      ring.push([i, 10 * i]);
      expect(ring.length).toBe(Math.min(i + 1, 5));
    }
    expect([...ring.column(0)]).toEqual([7, 8, 9, 10, 11]);
    expect([...ring.column(1)]).toEqual([70, 80, 90, 100, 110]);
    ring.clear();
    expect([...ring.column(0)]).toEqual([]);
  });
});

describe('the whole of a stream', () => {
  test('of hours has no more rows than one of minutes, and the same mean', () => {
    const record = new WholeRecord(2, 100);
    const rows = 216_000;
    let sum = 0;
    let longest = 0;
    for (let i = 0; i < rows; i++) {
      const value = Math.sin(i / 5000) + i / rows;
      sum += value;
      record.push([i, value]);
      longest = Math.max(longest, record.length);
    }
    expect(longest).toBeLessThan(100);
    const times = record.column(0);
    const values = record.column(1);
    expect(times.length).toBeGreaterThan(40);
    for (let i = 1; i < times.length; i++) {
      expect(times[i]! - times[i - 1]!).toBeCloseTo(times[1]! - times[0]!, 6);
    }
    // Less than one row waits to be filled.
    expect(values.reduce((total, value) => total + value, 0) / values.length).toBeCloseTo(sum / rows, 1);
  });

  test('what was not computed does not count in a mean', () => {
    const record = new WholeRecord(1, 4);
    for (const value of [2, Number.NaN, 4, Number.NaN, 6, 6, Number.NaN, 8]) record.push([value]);
    expect([...record.column(0)]).toEqual([3, 7]);
  });
});
