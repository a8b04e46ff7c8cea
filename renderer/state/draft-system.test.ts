import { expect, it } from 'vitest';
import { presetsFor, withSystem } from './draft-system.ts';

const words = { title: '', help: '' };
const presets = [
  { name: 'molecule', ...words, isUsual: true, experts: [{ network: { kind: 'graph-transformer' }, steps: 5 }] },
  { name: 'large', ...words, isUsual: false, experts: [{ network: { kind: 'graph-transformer' }, steps: 500 }] },
  { name: 'toy', ...words, isUsual: true, experts: [{ network: { kind: 'mlp' }, steps: 7 }] },
  { name: 'toy-without-network', ...words, isUsual: false, experts: [{ steps: 8 }] },
];
const [molecule, toy] = [{ kind: 'molecule' }, { kind: 'mueller-brown' }];

it('a draft begins with the experts that are usual for what it learns from', () => {
  expect(withSystem({ name: 'mine' }, molecule, presets)).toEqual({
    name: 'mine',
    system: molecule,
    experts: presets[0]!.experts,
  });
  expect(withSystem({}, toy, presets).experts).toBe(presets[2]!.experts);
  expect(withSystem({}, molecule, [])).toEqual({ system: molecule });
});

it('what nobody has changed goes with the system', () => {
  const begun = withSystem({}, toy, presets);
  expect(withSystem(begun, molecule, presets).experts).toBe(presets[0]!.experts);
});

it('what was set is kept, but for networks that the other system cannot use', () => {
  const own = { system: toy, experts: [{ network: { kind: 'mlp', widths: [8] }, steps: 3 }, { steps: 4 }] };
  expect(withSystem(own, molecule, presets).experts).toEqual([{ steps: 3 }, { steps: 4 }]);
  expect(withSystem(own, { kind: 'double-well-1d' }, presets).experts).toEqual(own.experts);
  expect(withSystem({ experts: [] }, molecule, presets).experts).toEqual([]);
});

it('presets are for the networks they have', () => {
  const names = (kind: 'mlp' | 'graph-transformer') => presetsFor(presets, kind).map(({ name }) => name);
  expect(names('graph-transformer')).toEqual(['molecule', 'large']);
  expect(names('mlp')).toEqual(['toy', 'toy-without-network']);
});
