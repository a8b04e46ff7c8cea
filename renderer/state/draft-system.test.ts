import { expect, it } from 'vitest';
import { settings } from '../../core/specification/settings.ts';
import { kindsFor, networksIn, presetsFor, withSystem } from './draft-system.ts';

const words = { title: '', help: '' };
const presets = [
  { name: 'molecule', ...words, isUsual: true, experts: [{ network: { kind: 'graph-transformer' }, steps: 5 }] },
  { name: 'large', ...words, isUsual: false, experts: [{ network: { kind: 'graph-transformer' }, steps: 500 }] },
  { name: 'toy', ...words, isUsual: true, experts: [{ network: { kind: 'mlp' }, steps: 7 }] },
  { name: 'toy-without-network', ...words, isUsual: false, experts: [{ steps: 8 }] },
];
const offer = { settingTable: settings, expertPresets: presets };
const [molecule, toy] = [{ kind: 'molecule' }, { kind: 'mueller-brown' }];

it('a molecule is learned automatically, a toy with the experts that are usual for it', () => {
  expect(withSystem({ name: 'mine' }, molecule, offer)).toEqual({ name: 'mine', system: molecule, method: 'auto' });
  expect(withSystem({}, toy, offer).experts).toBe(presets[2]!.experts);
  expect(withSystem({}, toy, { ...offer, expertPresets: [] })).toEqual({ system: toy });
});

it('what nobody has changed goes with the system', () => {
  const begun = withSystem({}, toy, offer);
  const other = withSystem(begun, molecule, offer);
  expect(other).toEqual({ system: molecule, method: 'auto' });
  expect(withSystem(other, toy, offer)).toEqual(begun);
});

it('an older project keeps the usual experts when files are added, and a chosen time its method', () => {
  const old = { system: molecule, experts: presets[0]!.experts };
  const more = { kind: 'molecule', sources: [] };
  expect(withSystem(old, more, offer)).toEqual({ system: more, experts: presets[0]!.experts });
  const asked = { system: molecule, method: 'auto', minutes: 10 };
  expect(withSystem(asked, toy, offer)).toEqual({ ...asked, system: toy });
  expect(withSystem({ system: molecule, method: 'auto' }, more, offer)).toEqual({ system: more, method: 'auto' });
});

it('what was set is kept, but for networks that the other system cannot use', () => {
  const own = { system: toy, experts: [{ network: { kind: 'mlp', widths: [8] }, steps: 3 }, { steps: 4 }] };
  expect(withSystem(own, molecule, offer).experts).toEqual([{ steps: 3 }, { steps: 4 }]);
  expect(withSystem(own, { kind: 'double-well-1d' }, offer).experts).toEqual(own.experts);
  expect(withSystem({ experts: [] }, molecule, offer).experts).toEqual([]);
});

it('presets are for the systems that their networks serve', () => {
  const names = (system: { kind: string }) => presetsFor(offer, system).map(({ name }) => name);
  expect(names(molecule)).toEqual(['molecule', 'large']);
  expect(names(toy)).toEqual(['toy', 'toy-without-network']);
});

it('which networks serve a system is read from the table of settings', () => {
  const networks = networksIn(settings)!;
  expect(kindsFor(networks, molecule)).toEqual(['graph-transformer', 'invariant', 'modes', 'local', 'local-shape']);
  expect(kindsFor(networks, toy)).toEqual(['mlp']);
  const further = {
    ...networks,
    of: { ...networks.of, both: {}, anything: {} },
    serves: { ...networks.serves, both: ['toy', 'molecule'] },
  };
  expect(kindsFor(further, molecule)).toEqual([
    'graph-transformer',
    'invariant',
    'modes',
    'local',
    'local-shape',
    'both',
    'anything',
  ]);
  expect(kindsFor(further, toy)).toEqual(['mlp', 'both', 'anything']);
  expect(kindsFor(undefined, toy)).toEqual([]);
});

it('a network that serves both systems is kept when the system changes', () => {
  const network = networksIn(settings)!;
  const both = {
    ...network,
    of: { ...network.of, both: {} },
    serves: { ...network.serves, both: ['toy', 'molecule'] },
  };
  const settingTable = { experts: { ...settings.experts, of: { ...settings.experts.of, network: both } } };
  const own = { system: toy, experts: [{ network: { kind: 'both' } }, { network: { kind: 'mlp' } }] };
  expect(withSystem(own, molecule, { settingTable, expertPresets: presets }).experts).toEqual([
    { network: { kind: 'both' } },
    {},
  ]);
});
