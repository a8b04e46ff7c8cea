import { expect, it } from 'vitest';
import { settings } from '../../../core/specification/settings.ts';
import { validateSpecification } from '../../../core/specification/specification.ts';
import type { Json } from '../../parts/tree.ts';
import { settingRows } from './setting-differences.ts';

const specification = (changes: object) =>
  JSON.parse(
    JSON.stringify(validateSpecification({ system: { kind: 'mueller-brown' }, experts: [{}], ...changes }, 'x')),
  ) as {
    [key: string]: Json;
  };

it('two runs that differ in two settings have two rows that differ', () => {
  const rows = settingRows(settings, [
    specification({}),
    specification({ experts: [{ alpha: 5e-4 }], simulate: { timeStep: 0.001 } }),
  ]);
  const differing = rows.filter(({ differs }) => differs);
  expect(differing.map(({ group, label, values }) => [group, label, ...values])).toEqual([
    ['Expert 1', 'Fokker–Planck weight α', '0', '5e-4'],
    ['Simulate', 'Time step', '0.005', '0.001'],
  ]);
  expect(differing[1]!.unit).toBe('ps');
});

it('a setting that only one run has is a dash in the other', () => {
  const rows = settingRows(settings, [
    specification({}),
    specification({ experts: [{ range: [0, 0.5] }, { range: [0.5, 1] }] }),
  ]);
  const row = rows.find(({ key }) => key === 'experts.1.alpha')!;
  expect(row).toMatchObject({ group: 'Expert 2', values: ['–', '0'], differs: true });
});

it('units are found inside lists and variants', () => {
  const rows = settingRows(settings, [specification({})]);
  expect(rows.find(({ key }) => key === 'experts.0.steps')!.unit).toBe('steps');
  expect(rows.find(({ key }) => key === 'experts.0.network.widths')).toMatchObject({ label: 'Layer widths' });
  expect(rows.every(({ differs }) => !differs)).toBe(true);
});

it('a network has the name that the table gives it, other kinds that of the window', () => {
  const rows = settingRows(settings, [specification({})]);
  const valuesOf = (wanted: string) => rows.find(({ key }) => key === wanted)!.values;
  expect(valuesOf('experts.0.network.kind')).toEqual(['Multilayer perceptron']);
  expect(valuesOf('system.kind')).toEqual(['Müller–Brown']);
});
