import { expect, it } from 'vitest';
import { settings } from '../../../core/specification/settings.ts';
import { type Carried, lackingText, weightChoices } from './weight-choices.ts';

const { of } = settings.system;

it('every way to weigh that the table has is said in a sentence, and no other', () => {
  expect(Object.keys(weightChoices(true)).toSorted()).toEqual([...of.molecule.weights.options].toSorted());
  expect(Object.keys(weightChoices(false)).toSorted()).toEqual([...of['mueller-brown'].weights.options].toSorted());
});

it('says which formats carry what the files lack, once it is known', () => {
  const having = (...held: Carried[]) => lackingText((what) => held.includes(what));
  expect(having('energies', 'forces')).toBeUndefined();
  expect(having('energies')).toMatch(/no forces.*: TRR, extended XYZ and NPZ files carry them\.$/);
  expect(having('forces')).toMatch(/no energies.*: extended XYZ and NPZ files carry them\.$/);
  expect(having()).toMatch(/neither energies nor forces/);
  expect(lackingText(() => undefined)).toBeUndefined();
});
