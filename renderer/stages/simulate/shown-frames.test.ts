import { expect, it } from 'vitest';
import { ShownFrames } from './shown-frames.ts';

const conformation = (value: number, size = 6) => new Float32Array(size).fill(value);

it('goes back over the last frames, the oldest first', () => {
  const frames = new ShownFrames();
  for (let i = 0; i < 5; i++) frames.push(10 * i, 0.02 * i, conformation(i));
  expect(frames.length).toBe(5);
  expect(frames.at(0)).toMatchObject({ step: 0, positions: conformation(0) });
  expect(frames.at(4)).toMatchObject({ step: 40, positions: conformation(4) });
  expect(frames.at(5)).toBeUndefined();
  expect(frames.at(-1)).toBeUndefined();
});

it('does not grow: an hour of frames of 300 beads keeps to its room, and the newest are there', () => {
  const frames = new ShownFrames();
  const positions = conformation(0, 900);
  let most = 0;
  for (let i = 0; i < 110_000; i++) {
    positions[0] = i;
    frames.push(i, i, positions);
    most = Math.max(most, frames.length);
  }
  expect(most * 900 * 4).toBeLessThan(20e6);
  expect(frames.at(frames.length - 1)!.positions[0]).toBe(109_999);
  expect(frames.at(0)!.step).toBe(110_000 - frames.length);
});

it('another molecule begins anew', () => {
  const frames = new ShownFrames();
  frames.push(1, 1, conformation(1));
  frames.push(2, 2, conformation(2, 9));
  expect(frames.length).toBe(1);
  expect(frames.at(0)!.positions).toEqual(conformation(2, 9));
});
