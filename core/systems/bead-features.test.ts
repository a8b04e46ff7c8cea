import { expect, test } from 'vitest';
import { beadFeatureColumns, beadFeatures } from './bead-features.ts';
import { beadTopology, mapBeads } from './beads.ts';
import { alanineDipeptide, molecule, nameOf } from './molecule.test-support.ts';
import type { Topology } from './topology.ts';

/** The columns that are 1 of a kind, by bead: "residue A, site CA, element C". */
function described(topology: Topology): Record<string, string> {
  const { columns, values } = beadFeatures(topology);
  return Object.fromEntries(
    topology.atoms.map((_, bead) => {
      const row = values.subarray(bead * columns.length, (bead + 1) * columns.length);
      const names = columns.filter((name, k) => /^(residue|site|element) /.test(name) && row[k] === 1);
      return [nameOf(topology, bead), names.map((name) => name.split(' ')[1]).join(' ')];
    }),
  );
}

test('the beads of alanine dipeptide, down to the hydrogens', () => {
  expect(described(alanineDipeptide().topology)).toMatchObject({
    'ACE1.CH3': 'other other C',
    'ACE1.C': 'other C C',
    'ALA2.N': 'A N N',
    'ALA2.H': 'A N H',
    'ALA2.CA': 'A CA C',
    'ALA2.HA': 'A CA H',
    'ALA2.CB': 'A CB C',
    'ALA2.HB3': 'A CB H',
    'ALA2.O': 'A O O',
    'NME3.N': 'other N N',
  });
});

test('side chains, ends of chains, other names for the same residue, and what is no amino acid', () => {
  const { topology } = molecule(`
    OG   SER 1 A  0 0 0
    HG   SER 1 A  0 0 0
    H2   SER 1 A  0 0 0
    SG   CYX 2 A  0 0 0
    NE2  HIE 3 A  0 0 0
    CH2  TRP 4 A  0 0 0
    HH21 ARG 5 A  0 0 0
    CE   MSE 6 A  0 0 0
    OXT  LYS 7 A  0 0 0
    NZ   LYS 7 A  0 0 0
    P    DA 8 A   0 0 0
    FE   HEM 9 A  0 0 0
    O    HOH 10 A 0 0 0
    CB   XYZ 11 A 0 0 0`);
  expect(described(topology)).toEqual({
    'SER1.OG': 'S gamma O',
    'SER1.HG': 'S gamma H',
    'SER1.H2': 'S N H',
    'CYX2.SG': 'C gamma S',
    'HIE3.NE2': 'H epsilon N',
    'TRP4.CH2': 'W eta C',
    'ARG5.HH21': 'R eta H',
    'MSE6.CE': 'M epsilon C',
    'LYS7.OXT': 'K O O',
    'LYS7.NZ': 'K zeta N',
    'DA8.P': 'other other P',
    'HEM9.FE': 'other other other',
    'HOH10.O': 'other other O',
    'XYZ11.CB': 'other CB C',
  });
});

test('no two atoms of a residue are alike, and one atom is alike under all its names', () => {
  const rows = (names: string, residue: string) => {
    const { topology } = molecule(
      names
        .split(' ')
        .map((name) => `${name} ${residue} 1 A 0 0 0`)
        .join('\n'),
    );
    const { values } = beadFeatures(topology);
    return topology.atoms.map((_, bead) => values.subarray(bead * width, (bead + 1) * width).join());
  };
  const width = beadFeatureColumns.length;
  for (const [residue, names] of Object.entries({
    VAL: 'N H CA HA CB HB CG1 HG11 HG12 HG13 CG2 HG21 HG22 HG23 C O OXT',
    ILE: 'N H1 H2 H3 CA HA CB HB CG2 HG21 HG22 HG23 CG1 HG12 HG13 CD1 HD11 HD12 HD13 C O',
    ARG: 'N H CA HA CB HB2 HB3 CG HG2 HG3 CD HD2 HD3 NE HE CZ NH1 HH11 HH12 NH2 HH21 HH22 C O',
    TRP: 'N H CA HA CB HB2 HB3 CG CD1 HD1 NE1 HE1 CE2 CZ2 HZ2 CH2 HH2 CZ3 HZ3 CE3 HE3 CD2 C O',
    ASP: 'N H CA HA CB HB2 HB3 CG OD1 OD2 C O',
    HIP: 'N H CA HA CB HB2 HB3 CG ND1 HD1 CE1 HE1 NE2 HE2 CD2 HD2 C O',
    GLY: 'N H CA HA2 HA3 C OT1 OT2',
  })) {
    const all = rows(names, residue);
    expect(new Set(all).size, residue).toBe(all.length);
  }
  expect(rows('O OXT HB2 HG11', 'VAL')).toEqual(rows('OT1 OT2 2HB 1HG1', 'VAL'));
});

test('a group of atoms has a residue and no element', () => {
  const mapping = mapBeads(alanineDipeptide().topology, { groups: ['ACE', 'ALA', 'NME'] });
  expect(described(beadTopology(mapping))).toEqual({
    'ACE1.X1': 'other other other',
    'ALA2.X1': 'A other other',
    'NME3.X1': 'other other other',
  });
});

test('every row has one of each kind, and every number is between −1 and 1', () => {
  const { topology } = molecule(
    Array.from(
      { length: 700 },
      (_, k) => `CA ${['ALA', 'GLY', 'TRP', 'XYZ'][k % 4]} ${k} ${k < 300 ? 'A' : 'B'} 0 0 0`,
    ).join('\n'),
  );
  const { columns, values } = beadFeatures(topology);
  expect(columns).toBe(beadFeatureColumns);
  expect(new Set(columns).size).toBe(columns.length);
  expect(values).toHaveLength(700 * columns.length);
  for (const value of values) expect(Math.abs(value)).toBeLessThanOrEqual(1);
  for (const kind of ['residue', 'site', 'element']) {
    for (let bead = 0; bead < 700; bead++) {
      const sum = columns.reduce((total, name, k) => {
        return total + (name.startsWith(kind) ? values[bead * columns.length + k]! : 0);
      }, 0);
      expect(sum).toBe(1);
    }
  }
});

test('the position in the chain restarts with each chain, and both ends are known', () => {
  const { topology } = molecule(
    Array.from({ length: 7 }, (_, k) => `CA ALA ${k + 40} ${k < 4 ? 'A' : 'B'} 0 0 0`).join('\n'),
  );
  const { columns, values } = beadFeatures(topology);
  const column = (name: string) =>
    Array.from({ length: 7 }, (_, bead) => values[bead * columns.length + columns.indexOf(name)]!);
  expect(column('chain first')).toEqual([1, 0, 0, 0, 1, 0, 0]);
  expect(column('chain last')).toEqual([0, 0, 0, 1, 0, 0, 1]);
  expect(column('chain near first')).toEqual([1, 1 / 2, 1 / 3, 1 / 4, 1, 1 / 2, 1 / 3].map(Math.fround));
  expect(column('chain near last')).toEqual([1 / 4, 1 / 3, 1 / 2, 1, 1 / 3, 1 / 2, 1].map(Math.fround));
  expect(column('chain sine 4').map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0, 1, 0, -1, 0, 1, 0]);
});

test('the same residue in another molecule has the same row, whatever surrounds it', () => {
  const [a, b] = ['GLY', 'TRP'].map((second) =>
    beadFeatures(molecule(`CA ALA 1 A 0 0 0\nCA ${second} 2 A 0 0 0`).topology),
  );
  const width = beadFeatureColumns.length;
  expect(a!.values.slice(0, width)).toEqual(b!.values.slice(0, width));
  expect(a!.values.slice(width)).not.toEqual(b!.values.slice(width));
});
