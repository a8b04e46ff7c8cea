import { expect, test } from 'vitest';
import { systemOf } from '../../../runs/data/run-system.ts';
import {
  chainFrames,
  chainTopology,
  smallMolecularRun,
  writeMolecule,
} from '../../../runs/small-molecule.test-support.ts';
import { smallRun, smallSpecification, temporaryFolder } from '../../../runs/small-run.test-support.ts';
import { networksOf } from '../../../runs/training/trained-model.ts';
import { Asker, sampleSource } from '../reading.test-support.ts';

test('every expert of a toy: its parameters, the pace of its own steps, and how long that makes its training', async () => {
  await using asker = new Asker();
  const { networks, threads } = await asker.ask('draft.estimate', { draft: smallRun });
  const specification = smallSpecification();
  const own = networksOf(specification, systemOf({ specification }));
  expect(threads).toBe(2);
  expect(networks.map(({ parameters }) => parameters)).toEqual(own.map(({ layout }) => layout.size));
  for (const [i, { network, secondsPerStep, seconds, bytes }] of networks.entries()) {
    expect(network).toBe(i);
    expect(secondsPerStep).toBeGreaterThan(0);
    expect(seconds).toBeCloseTo(secondsPerStep * 300, 10);
    expect(bytes).toBeGreaterThan(4 * 4 * networks[i]!.parameters);
  }
});

test('what does not change the pace is not measured again', async () => {
  await using asker = new Asker();
  const estimate = async (changes: object) => {
    const experts = smallRun.experts.map((expert) => ({ ...expert, ...changes }));
    return (await asker.ask('draft.estimate', { draft: { ...smallRun, experts } })).networks;
  };
  const before = await estimate({});
  const longer = await estimate({ steps: 600, learningRate: [1e-3, 1e-4] });
  expect(longer.map(({ secondsPerStep }) => secondsPerStep)).toEqual(
    before.map(({ secondsPerStep }) => secondsPerStep),
  );
  expect(longer.map(({ seconds }) => seconds)).toEqual(before.map(({ seconds }) => 2 * seconds));
  const wider = await estimate({ batch: 4096 });
  for (const [i, { secondsPerStep }] of wider.entries())
    expect(secondsPerStep).toBeGreaterThan(before[i]!.secondsPerStep);
});

test('a generator, whose step is of its whole batch', async () => {
  await using asker = new Asker();
  const { networks } = await asker.ask('draft.estimate', {
    draft: { method: 'drifting', system: { kind: 'mueller-brown' }, generator: { steps: 1500 } },
  });
  expect(networks).toHaveLength(1);
  expect(networks[0]!.secondsPerStep).toBeGreaterThan(0);
  expect(networks[0]!.seconds).toBeCloseTo(1500 * networks[0]!.secondsPerStep, 10);
});

test.each(['none', 'fi', 'fk'])('a generator of a molecule, with guidance %s', async (guidance) => {
  await using asker = new Asker();
  const system = { kind: 'molecule', sources: [sampleSource], beads: 'alanine-dipeptide-5' };
  const draft = { method: 'drifting', system, generator: { guidance, generated: 16, batch: 32 } };
  const { networks } = await asker.ask('draft.estimate', { draft });
  expect(networks[0]!.secondsPerStep).toBeGreaterThan(0);
});

test('molecules by their first frames, of several sizes and with their chemistry', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const sources = [3, 5].map((beads) => {
    const topology = chainTopology(Array.from({ length: beads }, () => 'ALA'));
    return writeMolecule(folder.in(`chain-${beads}`), topology, chainFrames(beads, 3, beads));
  });
  const system = { kind: 'molecule', sources, beads: 'ca' };
  const { networks } = await asker.ask('draft.estimate', { draft: { ...smallMolecularRun, system } });
  expect(networks).toHaveLength(3);
  const one = await asker.ask('draft.estimate', {
    draft: { ...smallMolecularRun, system: { ...system, sources: sources.slice(0, 1) } },
  });
  // A network that knows chemistry has inputs for it.
  expect(networks[0]!.parameters).not.toBe(one.networks[0]!.parameters);
});

test('what cannot be measured is a sentence, soon', async () => {
  await using asker = new Asker();
  const estimate = (draft: object) => asker.ask('draft.estimate', { draft });
  await expect(estimate({ ...smallRun, experts: [{ range: [0, 0.5] }] })).rejects.toThrow('time ends at 1');
  await expect(estimate({ system: { kind: 'molecule', sources: [{ structure: '/gone.pdb' }] } })).rejects.toThrow(
    'does not exist',
  );
  const widths = [4096, 4096, 4096, 4096];
  const vast = {
    network: { kind: 'mlp', widths: [...widths, ...widths, ...widths, ...widths] },
    alpha: 1,
    batch: 100_000,
  };
  await expect(estimate({ experts: [vast] })).rejects.toThrow('too large to be measured');
});
