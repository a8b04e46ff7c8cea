import { expect, it } from 'vitest';
import { hosted, until } from '../../state/hosted.test-support.ts';
import { FoundStructures } from './found-structures.svelte.ts';

const degrees = (value: number) => (value * Math.PI) / 180;

async function onTheSample(window: Awaited<ReturnType<typeof hosted>>) {
  const { client, openSample, runs } = await window.open();
  await openSample();
  await until(() => runs.current !== undefined);
  return { structures: new FoundStructures(client), run: runs.current!.id };
}

it('a click gives structures that lie there, to be gone through in a circle', async () => {
  await using window = await hosted();
  const { structures, run } = await onTheSample(window);
  const at = [degrees(-70), degrees(-20)] as const;
  await structures.find({ run, set: 'reference', where: { at } });
  expect(structures.count).toBeGreaterThan(10);
  for (const { at: found } of structures.found!.frames) {
    expect(Math.hypot(found![0] - at[0], found![1] - at[1])).toBeLessThan(degrees(10));
  }
  const first = structures.positions!;
  expect(first.length).toBe(15);
  structures.show(-1);
  expect(structures.index).toBe(structures.count - 1);
  structures.show(structures.count);
  expect([...structures.positions!]).toEqual([...first]);
});

it('the last question counts: an answer to an earlier one is not shown', async () => {
  await using window = await hosted();
  const { structures, run } = await onTheSample(window);
  const earlier = structures.find({ run, set: 'samples', where: { at: [0, 0] } });
  const outline = [-100, -40, -40, -100].map((phi, i) => [degrees(phi), degrees(i < 2 ? -60 : 0)] as const);
  await Promise.all([earlier, structures.find({ run, set: 'samples', where: { outline } })]);
  expect(structures.asked!.where).toEqual({ outline });
  expect(structures.asking).toBe(false);
  for (const { at } of structures.found!.frames) {
    expect(at![0]).toBeGreaterThan(degrees(-100));
    expect(at![1]).toBeLessThan(0);
  }
});

it('what cannot be found is a sentence', async () => {
  await using window = await hosted();
  const { structures } = await onTheSample(window);
  await structures.find({ run: 'no-such-run', set: 'samples', where: { at: [0, 0] } });
  expect(structures.problem).toMatch(/\.$/);
  expect(structures.count).toBe(0);
  structures.forget();
  expect(structures.asked).toBeUndefined();
});
