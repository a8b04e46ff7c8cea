import { expect, test } from 'vitest';
import { chooseSettings } from '../../../runs/auto/choose-settings.ts';
import { chainFrames, chainTopology, writeMolecule } from '../../../runs/small-molecule.test-support.ts';
import { Listener, smallRun, temporaryFolder } from '../../../runs/small-run.test-support.ts';
import type { Specification } from '../../../specification/settings.ts';
import { validateSpecification } from '../../../specification/specification.ts';
import { Asker, sampleSource } from '../reading.test-support.ts';

const automatic = {
  method: 'auto',
  system: { kind: 'molecule', sources: [sampleSource], beads: 'alanine-dipeptide-5' },
};

/** One setting group over another, as a window does it. */
const merged = (own: object, changes: object): object =>
  Object.fromEntries(
    [...new Set([...Object.keys(own), ...Object.keys(changes)])].map((key) => {
      const [a, b] = [own, changes].map((one) => (one as Record<string, unknown>)[key]);
      const isBoth = [a, b].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
      return [key, isBoth ? merged(a as object, b as object) : (b ?? a)];
    }),
  );

test('what would be chosen is what a run would have, and names no file', async () => {
  await using asker = new Asker();
  const { sentence, settings } = await asker.ask('draft.choose', { draft: automatic });
  expect(sentence).toMatch(/^Chosen: one invariant energy for all diffusion times/);
  expect(JSON.stringify(settings)).not.toContain('/');
  const { method: _, ...rest } = automatic;
  const explicit = validateSpecification(merged(rest, settings), 'explicit');
  const given = validateSpecification(automatic, 'automatic') as Extract<Specification, { method: 'auto' }>;
  const { specification } = await chooseSettings(given, new Listener());
  expect(explicit).toEqual(specification);
});

test('other beads are another choice, the same question is not asked of the files again', async () => {
  await using asker = new Asker();
  const ask = (beads: string, follower = new Listener()) =>
    asker.ask('draft.choose', { draft: { ...automatic, system: { ...automatic.system, beads } } }, follower);
  const five = await ask('alanine-dipeptide-5');
  const ten = await ask('alanine-dipeptide-10');
  expect(five.settings.experts).toHaveLength(1);
  expect(ten.settings.experts.map(({ network }) => (network as { kind: string }).kind)).toEqual(['invariant', 'modes']);
  const quiet = new Listener();
  expect(await ask('alanine-dipeptide-5', quiet)).toEqual(five);
  expect(quiet.reports.size).toBe(0);
});

test('a toy has no files to look into: one network for it', async () => {
  await using asker = new Asker();
  const { sentence, settings } = await asker.ask('draft.choose', { draft: { method: 'auto', minutes: 3 } });
  expect(sentence).toBe(
    'Chosen: one energy for all diffusion times, a multilayer perceptron with the Fokker–Planck regulariser.',
  );
  expect(settings.experts).toMatchObject([{ range: [0, 1], network: { kind: 'mlp' } }]);
  expect(settings).not.toHaveProperty('minutes');
});

test('experts that are named are not chosen; data that are missing are a sentence', async () => {
  await using asker = new Asker();
  await expect(asker.ask('draft.choose', { draft: smallRun })).rejects.toThrow('nothing left to choose');
  const gone = { method: 'auto', system: { kind: 'molecule', sources: [{ structure: '/gone.pdb' }] } };
  await expect(asker.ask('draft.choose', { draft: gone })).rejects.toThrow('does not exist');
});

test('what would be chosen is measured: an expert for few beads, and three where there are more', async () => {
  await using asker = new Asker();
  using folder = temporaryFolder();
  const chain = (beads: number) => {
    const topology = chainTopology(Array.from({ length: beads }, () => 'ALA'));
    return writeMolecule(folder.in(`chain-${beads}`), topology, chainFrames(beads, 3, beads));
  };
  const estimate = async (...sources: object[]) =>
    (
      await asker.ask('draft.estimate', {
        draft: { method: 'auto', system: { kind: 'molecule', sources, beads: 'ca' } },
      })
    ).networks;
  const [few, more] = [await estimate(chain(4)), await estimate(chain(8))];
  expect(few).toHaveLength(1);
  expect(more).toHaveLength(3);
  for (const { parameters, secondsPerStep, seconds } of [...few, ...more]) {
    expect(parameters).toBeGreaterThan(1000);
    expect(seconds).toBeGreaterThan(100 * secondsPerStep);
  }
  const several = {
    experts: [{ network: { kind: 'invariant' } }],
    system: { kind: 'molecule', sources: [chain(4), chain(5)], beads: 'ca' },
  };
  await expect(asker.ask('draft.estimate', { draft: several })).rejects.toThrow('several to train on');
});
