import { expect, test } from 'vitest';
import { elementByNumber, elementBySymbol, elements, guessElement } from './elements.ts';

test('the table is in the order of the atomic numbers and complete', () => {
  expect(elements).toHaveLength(118);
  expect(elements.every(({ number }, index) => number === index + 1)).toBe(true);
  expect(new Set(elements.map(({ symbol }) => symbol)).size).toBe(118);
  for (const { symbol, mass, covalentRadius } of elements) {
    expect(symbol).toMatch(/^[A-Z][a-z]?$/);
    expect(mass).toBeGreaterThan(1);
    expect(covalentRadius).toBeGreaterThan(0.02);
    expect(covalentRadius).toBeLessThan(0.3);
  }
  const lighter = elements.filter(({ mass }, index) => index > 0 && mass < elements[index - 1]!.mass);
  // Where nature is not in order.
  for (const symbol of ['K', 'Ni', 'I', 'Pa', 'Np']) expect(lighter.map((each) => each.symbol)).toContain(symbol);
});

test('elements are found by symbol in any case, and by number', () => {
  expect(elementBySymbol('CL')).toEqual({ symbol: 'Cl', number: 17, mass: 35.45, covalentRadius: 0.102 });
  expect(elementBySymbol(' c')?.number).toBe(6);
  expect(elementBySymbol('D')).toMatchObject({ symbol: 'D', number: 1 });
  expect(elementByNumber(1)?.symbol).toBe('H');
  expect(elementByNumber(92)?.symbol).toBe('U');
  expect([elementBySymbol('Xx'), elementBySymbol(''), elementByNumber(0), elementByNumber(119)]).toEqual(
    Array(4).fill(undefined),
  );
});

test.each([
  ['CA', 'ALA', 'C'],
  ['CA', 'CA', 'Ca'],
  ['CA', 'SEP', 'C'],
  ['CA', 'LIG', 'C'],
  ['1HB2', 'ALA', 'H'],
  ["HO5'", 'DA5', 'H'],
  ["H5''", 'DG', 'H'],
  ["'HO2", 'RA', 'H'],
  ['HG', 'SER', 'H'],
  ['HG', 'HG', 'Hg'],
  ['CD', 'LYS', 'C'],
  ['CD', 'CD', 'Cd'],
  ['CE', 'LYS', 'C'],
  ['NE', 'ARG', 'N'],
  ['SG', 'CYX', 'S'],
  ['SE', 'MSE', 'Se'],
  ['D', 'ALA', 'D'],
  ['OXT', 'ALA', 'O'],
  ['P', 'DA', 'P'],
  ['OP1', 'DA', 'O'],
  ['FE', 'HEM', 'Fe'],
  ['NA', 'HEM', 'N'],
  ['CHA', 'HEM', 'C'],
  ['PB', 'ATP', 'P'],
  ['CL1', 'LIG', 'Cl'],
  ['CLAA', 'LIG', 'Cl'],
  ['BR', 'LIG', 'Br'],
  ['C12', 'LIG', 'C'],
  ['H101', 'POPC', 'H'],
  ['CL-', 'CL-', 'Cl'],
  ['NA+', 'NA+', 'Na'],
  ['Na+', 'Na+', 'Na'],
  ['NA', 'ION', 'Na'],
  ['SOD', 'SOD', 'Na'],
  ['CLA', 'CLA', 'Cl'],
  ['POT', 'POT', 'K'],
  ['K', 'K', 'K'],
  ['ZN', 'ZN2', 'Zn'],
  ['OW', 'SOL', 'O'],
  ['HW1', 'SOL', 'H'],
  ['OH2', 'TIP3', 'O'],
  ['MW', 'SOL', ''],
  ['EPW', 'WAT', ''],
  ['BB', 'ALA', ''],
  ['SC1', 'ALA', ''],
  ['W', 'W', ''],
  ['Q1', 'XYZ', ''],
  ['', '', ''],
])('%j in %j is %j', (atom, residue, symbol) => {
  expect(guessElement(atom, residue)).toBe(symbol);
});
