import { describe, expect, it } from 'vitest';
import { type Patience, secondsEach } from './timing.ts';

const hasty: Patience = { call: 0.002, repeats: 3, budget: 0.05 };
const { signal } = new AbortController();

describe('timing', () => {
  it('times calls only, never their preparation, and divides by the repetitions inside a call', async () => {
    let prepared = 0;
    const asked: number[] = [];
    const { median, least } = await secondsEach(
      (repetitions) => {
        prepared++;
        return () => {
          asked.push(repetitions);
          for (let i = 0, x = 1; i < 1000 * repetitions; i++) x = Math.sin(x);
        };
      },
      hasty,
      signal,
    );
    expect(median).toBeGreaterThan(0);
    expect(least).toBeGreaterThan(0);
    expect(least).toBeLessThanOrEqual(median);
    expect(asked[0]).toBe(1);
    expect(asked.at(-1)).toBeGreaterThan(1);
    expect(prepared).toBe(new Set(asked).size);
    expect(asked.slice(-hasty.repeats).every((repetitions) => repetitions === asked.at(-1))).toBe(true);
  });

  it('waits for what is asynchronous and stops when asked', async () => {
    const stop = new AbortController();
    let calls = 0;
    const call = async () => {
      if (++calls === 3) stop.abort(new Error('enough'));
    };
    await expect(secondsEach(() => call, hasty, stop.signal)).rejects.toThrow('enough');
    expect(calls).toBe(3);
  });
});
