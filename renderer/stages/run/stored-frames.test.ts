import { expect, it } from 'vitest';
import { hosted, until } from '../../state/hosted.test-support.ts';
import { StoredFrames } from './stored-frames.svelte.ts';

async function opened(window: Awaited<ReturnType<typeof hosted>>) {
  const { client, openSample, runs } = await window.open();
  await openSample();
  await until(() => runs.current !== undefined);
  const frames = new StoredFrames(client, runs.current!.id, 'simulation');
  await frames.open();
  await until(() => frames.positions !== undefined);
  return { frames, client, run: runs.current!.id };
}

it('any frame of any replica is shown, with its time; frames that follow each other leave a way in the plane', async () => {
  await using window = await hosted();
  const { frames, client, run } = await opened(window);
  expect(frames.opened).toMatchObject({ frames: 200, replicas: 20 });
  const first = frames.time!;
  for (let frame = 1; frame <= 3; frame++) {
    frames.show(frame);
    await until(() => frames.time !== null && frames.time > first + (frame - 0.5) * frames.opened!.timeStep!);
  }
  expect(frames.path.length).toBe(8);
  frames.show(40, 7);
  const wanted = await client.request('structures.frame', { run, set: 'simulation', frame: 40, replica: 7 });
  await until(() => String(frames.positions) === String(wanted.positions));
  await until(() => frames.path.length === 2);
});

it('of frames that are wanted faster than they are read, the last is shown', async () => {
  await using window = await hosted();
  const { frames, client, run } = await opened(window);
  for (let frame = 1; frame < 150; frame++) frames.show(frame);
  const last = await client.request('structures.frame', { run, set: 'simulation', frame: 149, replica: 0 });
  await until(() => frames.time === last.time);
  expect(frames.frame).toBe(149);
  expect([...frames.positions!]).toEqual([...last.positions]);
});

it('a frame that is not there is a sentence, and the next that is there takes it away', async () => {
  await using window = await hosted();
  const { frames } = await opened(window);
  frames.show(100_000);
  await until(() => frames.problem !== undefined);
  expect(frames.problem).toMatch(/There is no frame 100001/);
  frames.show(5);
  await until(() => frames.problem === undefined);
});
