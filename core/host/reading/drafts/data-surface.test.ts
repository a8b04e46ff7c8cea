import { expect, test } from 'vitest';
import { Asker, sampleSource } from '../reading.test-support.ts';

const toy = { kind: 'double-well-1d', samples: 4000 };
const surfaceOf = (asker: Asker, system: object) => asker.ask('data.surface', { draft: { system } });

test('another temperature or a thinned basin of a toy is other data', async () => {
  await using asker = new Asker();
  const [plain, hot, thinned] = [
    await surfaceOf(asker, toy),
    await surfaceOf(asker, { ...toy, dataTemperature: 2 }),
    await surfaceOf(asker, { ...toy, kept: [1, 0.2] }),
  ].map(({ distribution }) => [...distribution.profiles[0]!.energy]);
  expect(hot).not.toEqual(plain);
  expect(thinned).not.toEqual(plain);
  expect(thinned).not.toEqual(hot);
});

test.each(['energies', 'forces'])(
  'weights from %s bring a hot toy back to the temperature that is wanted',
  async (weights) => {
    await using asker = new Asker();
    const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a, (energy, i) => (energy < 2 ? Math.abs(energy - b[i]!) : 0)).reduce((most, one) =>
        Math.max(most, one),
      );
    const energyOf = (distribution: { profiles: { energy: Float32Array }[] }) => distribution.profiles[0]!.energy;
    const wanted = energyOf((await surfaceOf(asker, toy)).distribution);
    const { distribution, weighed, problem } = await surfaceOf(asker, { ...toy, dataTemperature: 2, weights });
    expect(problem).toBeUndefined();
    expect(weighed!.isFew).toBe(false);
    expect(weighed!.effective).toBeGreaterThan(500);
    expect(weighed!.effective).toBeLessThan(4000);
    expect(difference(wanted, energyOf(weighed!.distribution))).toBeLessThan(
      difference(wanted, energyOf(distribution)),
    );
  },
);

test('frames that cannot be weighed are shown as they are, with the reason', async () => {
  await using asker = new Asker();
  const system = {
    kind: 'molecule',
    sources: [sampleSource],
    beads: 'alanine-dipeptide-5',
    stride: 20,
    weights: 'forces',
  };
  const { distribution, weighed, problem } = await surfaceOf(asker, system);
  expect(distribution.count).toBe(600);
  expect(weighed).toBeUndefined();
  expect(problem).toMatch(/no forces.*TRR, extended XYZ, NPZ/);
});
