/**
 * Bonds, whole molecules, superposition and beads against mdtraj and MDAnalysis: one Python process for all of them.
 * Without Python or these packages the tests are skipped.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askPython } from '../../build/python-peers.ts';
import { memorySource } from '../formats/byte-source.ts';
import { openPdb, pdbWriter } from '../formats/pdb.ts';
import { applyBeads, beadTopology, mapBeads } from './beads.ts';
import { withBonds } from './bonds.ts';
import { alanineDipeptide } from './molecule.test-support.ts';
import { moleculesOf, unwrap } from './molecules.ts';
import { cellFromShape } from './periodic/cell.ts';
import { superpose } from './superpose.ts';
import { gaussianSource } from './toys/gaussian.ts';

const DATA = '../shared/data';
/** Whole proteins, DNA with hydrogens; without ligands, whose bonds mdtraj takes from the file alone. */
const FILES = ['aldp/topology.pdb', 'formats/pdb/1avg.pdb', 'formats/pdb/1htq.pdb', 'formats/pdb/2hkb.pdb']
  .map((file) => join(DATA, file))
  .filter((file) => existsSync(file));

const SHAPES = [
  { lengths: [1.4, 1.5, 1.6], angles: [90, 90, 90] },
  { lengths: [1.6, 1.6, 1.6], angles: [60, 60, 90] },
  { lengths: [1.7, 1.6, 1.8], angles: [75, 105, 80] },
] as const;

const SCRIPT = `
import json
import numpy as np
folder, files = sys.argv[1], sys.argv[2:]
import mdtraj, MDAnalysis
from MDAnalysis.analysis.align import rotation_matrix
def bonds(trajectory):
    return sorted(set((min(a.index, b.index), max(a.index, b.index)) for a, b in trajectory.topology.bonds))
cases = json.load(open(folder + '/cases.json'))
out = {'superposed': [], 'bonds': {}, 'whole': []}
for case in cases['superpose']:
    a, b = (np.array(case[k]).reshape(-1, 3) for k in ('mobile', 'target'))
    w = np.array(case['weights'])
    a -= np.average(a, axis=0, weights=w)
    b -= np.average(b, axis=0, weights=w)
    rotation, rmsd = rotation_matrix(a, b, weights=w)
    out['superposed'].append({'rotation': rotation.ravel().tolist(), 'rmsd': rmsd})
for file in files:
    out['bonds'][file] = bonds(mdtraj.load_pdb(file))
dipeptide = MDAnalysis.Universe(folder + '/dipeptide.pdb')
dipeptide.add_TopologyAttr('bonds', cases['bonds'])
for shape, positions in zip(cases['shapes'], cases['broken']):
    dipeptide.dimensions = [10 * length for length in shape['lengths']] + shape['angles']
    dipeptide.atoms.positions = 10 * np.array(positions).reshape(-1, 3)
    whole = dipeptide.atoms.unwrap(compound='fragments', reference=None)
    out['whole'].append((whole.astype(float) / 10).ravel().tolist())
beads = mdtraj.load_pdb(folder + '/beads.pdb')
out['beads'] = {'atoms': [str(atom) for atom in beads.topology.atoms],
    'bonds': bonds(beads),
    'positions': beads.xyz.astype(float).ravel().tolist()}
print(json.dumps(out))
`;

interface Answers {
  readonly superposed: readonly { readonly rotation: number[]; readonly rmsd: number }[];
  readonly bonds: Readonly<Record<string, [number, number][]>>;
  readonly whole: readonly number[][];
  readonly beads: { readonly atoms: string[]; readonly bonds: [number, number][]; readonly positions: number[] };
}

const next = gaussianSource(17);
const cases = [3, 4, 8, 22, 100].map((points) => ({
  mobile: Array.from({ length: 3 * points }, next),
  target: Array.from({ length: 3 * points }, next),
  weights: Array.from({ length: points }, () => 0.1 + Math.abs(next())),
}));

const { topology, positions } = alanineDipeptide();
const dipeptide = withBonds(topology, positions);
const cells = SHAPES.map((shape) => cellFromShape(shape)!);
/** Every atom inside the cell, as simulations write them; the corner of the cell lies in the middle of the molecule. */
const broken = cells.map((cell) => {
  const frame = Float32Array.from(positions);
  for (let start = 0; start < frame.length; start += 3) {
    for (let k = 2; k >= 0; k--) {
      const steps = Math.floor(frame[start + k]! / cell[4 * k]!);
      for (let x = 0; x < 3; x++) frame[start + x]! -= steps * cell[3 * k + x]!;
    }
  }
  return frame;
});
const mapping = mapBeads(dipeptide, 'heavy');
const beadPositions = new Float32Array(3 * mapping.beads.length);
applyBeads(mapping, positions, beadPositions);

function pdb(of: typeof topology, at: Float32Array): Uint8Array {
  const writer = pdbWriter(of);
  return Buffer.concat([writer.head(), writer.frame({ positions: at }), writer.end().tail]);
}

const folder = mkdtempSync(join(tmpdir(), 'ergodic-systems-'));
let answers: Answers | undefined;
try {
  const asArrays = broken.map((frame) => [...frame]);
  writeFileSync(
    join(folder, 'cases.json'),
    JSON.stringify({ superpose: cases, shapes: SHAPES, broken: asArrays, bonds: dipeptide.bonds }),
  );
  writeFileSync(join(folder, 'dipeptide.pdb'), pdb(dipeptide, Float32Array.from(positions)));
  writeFileSync(join(folder, 'beads.pdb'), pdb(beadTopology(mapping), beadPositions));
  answers = askPython(['mdtraj', 'MDAnalysis'], SCRIPT, folder, ...FILES) as Answers | undefined;
} finally {
  rmSync(folder, { recursive: true });
}

describe.skipIf(!answers)('mdtraj and MDAnalysis agree', () => {
  test('on the best rotation and the deviation that is left', () => {
    cases.forEach(({ mobile, target, weights }, index) => {
      const { rotation, rmsd } = superpose(mobile, target, weights);
      const theirs = answers!.superposed[index]!;
      for (let k = 0; k < 9; k++) expect(rotation[k]).toBeCloseTo(theirs.rotation[k]!, 6);
      expect(rmsd).toBeCloseTo(theirs.rmsd, 6);
    });
  });

  test('on a molecule made whole, up to where it stands', () => {
    broken.forEach((frame, index) => {
      const whole = frame.slice();
      const lengths = dipeptide.bonds.map(([i, j]) =>
        Math.hypot(...[0, 1, 2].map((x) => frame[3 * i + x]! - frame[3 * j + x]!)),
      );
      expect(Math.max(...lengths)).toBeGreaterThan(0.5);
      unwrap(moleculesOf(dipeptide), whole, cells[index]);
      const theirs = answers!.whole[index]!;
      for (let k = 3; k < whole.length; k++) {
        expect(whole[k]! - whole[k % 3]!).toBeCloseTo(theirs[k]! - theirs[k % 3]!, 4);
      }
    });
  });

  test('on beads written as PDB: names, residues, bonds, positions', () => {
    const { beads } = answers!;
    const labels = mapping.beads.map(
      ({ residueName, residueNumber, name }) => `${residueName}${residueNumber}-${name}`,
    );
    expect(beads.atoms).toEqual(labels);
    expect(beads.bonds).toEqual(mapping.bonds);
    for (let k = 0; k < beadPositions.length; k++) expect(beads.positions[k]).toBeCloseTo(beadPositions[k]!, 3);
  });

  test.each(FILES)('on the bonds of %s', async (file) => {
    const structure = await openPdb(memorySource(file, await readFile(file)));
    const frame = await structure.trajectory!.frame(0);
    const ours = withBonds({ ...structure.topology, bonds: [] }, frame.positions);
    const key = ([i, j]: readonly [number, number]) => `${i}-${j}`;
    const theirs = new Set(answers!.bonds[file]!.map(key));
    const found = new Set(ours.bonds.map(key));
    expect([...theirs].filter((bond) => !found.has(bond))).toEqual([]);
    // mdtraj joins no nucleotides and knows few hydrogens at their ends.
    const more = ours.bonds.filter((bond) => !theirs.has(key(bond)));
    const names = more.map(([i, j]) => [i, j].map((atomIndex) => ours.atoms[atomIndex]!.name).join('-'));
    expect(names.filter((name) => !["O3'-P", "O5'-HO5'"].includes(name))).toEqual([]);
  });
});
