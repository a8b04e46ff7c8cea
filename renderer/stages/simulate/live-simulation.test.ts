import { beforeAll, expect, it } from 'vitest';
import { hosted, until } from '../../state/hosted.test-support.ts';
import { LiveSimulation } from './live-simulation.svelte.ts';

beforeAll(() => {
  // Pictures of a window that is drawn.
  globalThis.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 5) as unknown as number;
  globalThis.cancelAnimationFrame = (drawing) => clearTimeout(drawing);
});

it('a running simulation is seen: the molecule, its way, energy and temperature, the plane of all replicas', async () => {
  await using window = await hosted();
  const { client, openSample, runs, jobs } = await window.open();
  await openSample();
  await until(() => runs.current !== undefined);
  const run = runs.current!.id;
  const settings = { replicas: 4, steps: 1_000_000, stride: 10, equilibration: 0 };
  const added = await jobs.add({ kind: 'simulate', run, settings });
  const live = new LiveSimulation(added!.job);
  let stop = live.watch(client, 2);
  // What has been seen of the plane comes at its own pace, and the first message may have seen nothing yet.
  await until(() => live.frames > 5 && live.counted > 0 && live.now?.temperature !== undefined);
  expect(live.surface).toBeDefined();
  expect(live.structure!.atoms).toBe(5);
  expect(live.positions!.length).toBe(15);
  expect(live.axes.map(({ label }) => label)).toEqual(['φ', 'ψ']);
  expect(live.path.length).toBeGreaterThan(4);
  expect(live.now!.temperature).toBeGreaterThan(20);

  live.show(1);
  expect(live.held).toBe(true);
  const seen = [...live.positions!];
  const counted = live.counted;
  await until(() => live.counted > counted);
  expect([...live.positions!]).toEqual(seen);
  expect(live.place).toBe(1);
  live.hold(false);
  await until(() => String([...live.positions!]) !== String(seen));

  // Another replica begins with nothing of the one before.
  stop();
  stop = live.watch(client, 0);
  expect(live.frames).toBe(0);
  await until(() => live.frames > 2);

  jobs.cancel(added!.job);
  await until(() => jobs.open.length === 0);
  stop();
});
