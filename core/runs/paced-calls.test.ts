import { expect, test } from 'vitest';
import { type Loop, pacedCalls } from './paced-calls.ts';

/** The calls that are made where a step takes so many seconds; the clock moves only with them. */
async function callsOf(loop: Loop, secondsPerStep: (done: number) => number) {
  const clock = { now: 0 };
  const calls: { from: number; count: number; seconds: number }[] = [];
  const task = { signal: new AbortController().signal };
  await pacedCalls({ ...loop, now: () => clock.now }, task, async (from, count) => {
    const seconds = count * secondsPerStep(from);
    clock.now += seconds;
    calls.push({ from, count, seconds });
  });
  return calls;
}

function expectWhole(calls: { from: number; count: number }[], from: number, total: number) {
  let done = from;
  for (const call of calls) {
    expect(call.from).toBe(done);
    expect(call.count).toBeGreaterThan(0);
    done += call.count;
  }
  expect(done).toBe(total);
}

test.each([1e-7, 1e-4, 3e-3, 0.1, 2])('every step is done once, in order, at %d s a step', async (seconds) => {
  expectWhole(await callsOf({ total: 1234 }, () => seconds), 0, 1234);
  expectWhole(await callsOf({ from: 1000, total: 1234 }, () => seconds), 1000, 1234);
  expect(await callsOf({ from: 5, total: 5 }, () => seconds)).toEqual([]);
});

test('calls grow to a quarter of a second and shrink again when steps get slower', async () => {
  const calls = await callsOf({ total: 40_000 }, (done) => (done < 20_000 ? 1e-4 : 1e-2));
  expect(calls.some(({ seconds }) => seconds > 0.2 && seconds <= 0.251)).toBe(true);
  const late = calls.filter(({ from }) => from > 25_000);
  for (const { seconds } of late.slice(0, -1)) expect(seconds).toBeCloseTo(0.25, 1);
});

test.each([1e-6, 1e-4, 1e-2, 0.1])('no call crosses a stop, at %d s a step', async (seconds) => {
  const calls = await callsOf({ from: 37, total: 2500, stop: 100 }, () => seconds);
  expectWhole(calls, 37, 2500);
  for (const { from, count } of calls) {
    expect(Math.floor(from / 100)).toBe(Math.floor((from + count - 1) / 100));
  }
});

test.each([1e-6, 1e-4, 1e-2, 0.1, 1])('a call is whole strides or lies within one, at %d s a step', async (seconds) => {
  const calls = await callsOf({ total: 1060, stride: 50 }, () => seconds);
  expectWhole(calls, 0, 1060);
  for (const { from, count } of calls) {
    const whole = from % 50 === 0 && count % 50 === 0;
    const within = Math.floor(from / 50) === Math.floor((from + count - 1) / 50);
    expect(whole || within).toBe(true);
  }
  // However long a stride is, a call is not.
  for (const call of calls.slice(3)) expect(call.seconds).toBeLessThan(1.01);
});

test('the first call is short, however long a stride and a step are: somebody waits for it', async () => {
  const [first, second] = await callsOf({ total: 1000, stride: 100 }, () => 0.2);
  expect(first!.seconds).toBeLessThan(2);
  expect(second!.count).toBe(1);
});

test('calls are as long as somebody wants them, from one to the next', async () => {
  let wanted = 0.25;
  const calls = await callsOf({ total: 3000, stride: 10, callSeconds: () => wanted }, (done) => {
    if (done > 1000) wanted = 0.1;
    return 1e-3;
  });
  expectWhole(calls, 0, 3000);
  expect(calls.find(({ from }) => from > 700)!.seconds).toBeCloseTo(0.25, 5);
  for (const { seconds } of calls.filter(({ from }) => from > 1400).slice(0, -1)) expect(seconds).toBeCloseTo(0.1, 1);
});

test('a stop is obeyed between calls, with the reason it was given', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  let done = 0;
  const work = async (_: number, count: number) => {
    done += count;
    // Nothing in here lets go of the event loop, as in an engine without threads; it must be heard nevertheless.
    setImmediate(() => stop.abort(reason));
  };
  await expect(pacedCalls({ total: 1e9 }, { signal: stop.signal }, work)).rejects.toBe(reason);
  expect(done).toBeLessThan(1e9);
});
