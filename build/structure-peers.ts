/**
 * What other programs read from structure files, for comparison: MDTraj, MDAnalysis, OpenMM and Biopython in one
 * Python process. Lengths are turned into nm; chains are counted from 0 in the order of the file.
 */
import { expect } from 'vitest';
import type { Frame, StructureFile, TrajectoryWriter } from '../core/formats/trajectory.ts';
import { shapeOfCell } from '../core/systems/periodic/cell.ts';
import { askPython } from './python-peers.ts';

export type Peer = 'mdtraj' | 'mdanalysis' | 'openmm' | 'biopython';

export interface PeerFacts {
  /** Why the program cannot read the file; then there is nothing else. */
  error?: string;
  frames: number;
  names: string[];
  residueNames: string[];
  residueNumbers: number[];
  chains: number[];
  chainIds?: string[];
  masses?: number[];
  charges?: number[];
  types?: string[];
  bonds?: [number, number][];
  /** Of the first and the last frame. */
  positions: number[][];
  velocities?: number[] | null;
  lengths: number[] | null;
  angles: number[] | null;
}

const script = `
import json, itertools, warnings
warnings.simplefilter('ignore')
import numpy as np
def count(keys):
    order = {}
    return [order.setdefault(key, len(order)) for key in keys]
def flat(array):
    return np.asarray(array, dtype=float).round(7).ravel().tolist()
def mdtraj(path):
    import mdtraj as md
    if path.endswith('.psf'):
        topology, frames = md.load_psf(path), []
        lengths = angles = None
    else:
        frames = md.load_pdb(path, standard_names=False) if path.endswith('.pdb') else md.load(path)
        topology = frames.topology
        lengths, angles = frames.unitcell_lengths, frames.unitcell_angles
    atoms = list(topology.atoms)
    return dict(frames=len(frames), names=[a.name for a in atoms], residueNames=[a.residue.name for a in atoms],
        residueNumbers=[a.residue.resSeq for a in atoms], chains=[a.residue.chain.index for a in atoms],
        bonds=[[a.index, b.index] for a, b in topology.bonds],
        positions=[flat(frames.xyz[0]), flat(frames.xyz[-1])] if len(frames) else [],
        lengths=None if lengths is None else flat(lengths[-1]), angles=None if angles is None else flat(angles[-1]))
def mdanalysis(path):
    import MDAnalysis as mda
    if path.endswith('.psf'):
        u, frames = mda.Universe(path, topology_format='PSF'), 0
    else:
        u = mda.Universe(path)
        frames = len(u.trajectory)
    a = u.atoms
    facts = dict(frames=frames, names=list(a.names), residueNames=list(a.resnames), residueNumbers=a.resids.tolist(),
        chains=count(a.segids), positions=[], lengths=None, angles=None)
    if hasattr(a, 'chainIDs'): facts['chainIds'] = list(a.chainIDs)
    if path.endswith('.psf'):
        facts.update(masses=a.masses.tolist(), charges=a.charges.tolist(), types=list(a.types))
        facts['bonds'] = a.bonds.indices.tolist() if hasattr(a, 'bonds') else []
    if frames:
        for index in (0, -1):
            u.trajectory[index]
            facts['positions'].append(flat(a.positions / 10))
        ts = u.trajectory[-1]
        facts['velocities'] = flat(ts.velocities / 10) if ts.has_velocities else None
        if ts.dimensions is not None and ts.dimensions[:3].all():
            facts.update(lengths=flat(ts.dimensions[:3] / 10), angles=flat(ts.dimensions[3:]))
    return facts
def openmm(path):
    from openmm import app, unit
    file = app.PDBxFile(path) if path.endswith('.cif') else app.PDBFile(path)
    atoms = list(file.topology.atoms())
    frames = file.getNumFrames()
    cell = file.topology.getPeriodicBoxVectors()
    lengths = None
    if cell is not None:
        lengths = [float(np.linalg.norm(v.value_in_unit(unit.nanometer))) for v in cell]
    return dict(frames=frames, names=[a.name for a in atoms], residueNames=[a.residue.name for a in atoms],
        residueNumbers=[int(a.residue.id) for a in atoms], chains=[a.residue.chain.index for a in atoms],
        chainIds=[a.residue.chain.id for a in atoms],
        bonds=[sorted([b[0].index, b[1].index]) for b in file.topology.bonds()],
        positions=[flat(file.getPositions(asNumpy=True, frame=f).value_in_unit(unit.nanometer)) for f in (0, frames - 1)],
        lengths=lengths, angles=None)
def biopython(path):
    from Bio.PDB import MMCIFParser, PDBParser
    structure = (MMCIFParser if path.endswith('.cif') else PDBParser)(QUIET=True).get_structure('x', path)
    models = list(structure)
    atoms = list(models[0].get_atoms())
    residues = [a.get_parent() for a in atoms]
    return dict(frames=len(models), names=[a.get_name() for a in atoms], residueNames=[r.get_resname().strip() for r in residues],
        residueNumbers=[r.id[1] for r in residues], chains=count(r.get_parent().id for r in residues),
        chainIds=[r.get_parent().id for r in residues],
        positions=[flat([a.get_coord() / 10 for a in m.get_atoms()]) for m in (models[0], models[-1])],
        lengths=None, angles=None)
readers = dict(mdtraj=mdtraj, mdanalysis=mdanalysis, openmm=openmm, biopython=biopython)
answers = []
for peer, path in json.loads(sys.argv[1]):
    try: answers.append(readers[peer](path))
    except BaseException as error: answers.append(dict(error=f'{type(error).__name__}: {error}'[:300]))
print(json.dumps(answers))
`;

/** Undefined where Python or one of the packages is missing. */
export function askPeers(
  questions: readonly (readonly [peer: Peer, path: string])[],
): ReadonlyMap<string, PeerFacts> | undefined {
  const packages = ['numpy', 'mdtraj', 'MDAnalysis', 'openmm', 'Bio'];
  const answers = askPython(packages, script, JSON.stringify(questions)) as PeerFacts[] | undefined;
  return answers && new Map(questions.map(([peer, path], index) => [`${peer} ${path}`, answers[index]!]));
}

/** Whether a file says the same here and there. */
export async function expectSame(
  file: StructureFile,
  facts: PeerFacts,
  what: string,
  compare: { chains?: boolean; cell?: boolean; tolerance?: number; blank?: string } = {},
): Promise<void> {
  const { chains = true, cell = true, tolerance = 2e-6, blank = '' } = compare;
  const { atoms, residues, chains: ours } = file.topology;
  const residueOf = atoms.map((atom) => residues[atom.residue]!);
  expect(facts.error, what).toBeUndefined();
  expect(facts.names, what).toEqual(atoms.map(({ name }) => name || blank));
  expect(facts.residueNames, what).toEqual(residueOf.map(({ name }) => name || blank));
  expect(facts.residueNumbers, what).toEqual(residueOf.map(({ number }) => number));
  if (chains) expect(facts.chains, what).toEqual(residueOf.map(({ chain }) => chain));
  if (chains && facts.chainIds) expect(facts.chainIds, what).toEqual(residueOf.map(({ chain }) => ours[chain]!.id));
  const { trajectory } = file;
  if (!trajectory) return;
  expect(facts.frames, what).toBe(trajectory.frames);
  const last = await trajectory.frame(trajectory.frames - 1);
  for (const [index, frame] of [await trajectory.frame(0), last].entries()) {
    expect(largestDifference(facts.positions[index]!, frame.positions), `${what}, positions`).toBeLessThan(tolerance);
  }
  if (facts.velocities) {
    expect(largestDifference(facts.velocities, last.velocities!), `${what}, velocities`).toBeLessThan(tolerance);
  }
  if (!cell) return;
  expect(last.cell === undefined, `${what}, cell`).toBe(facts.lengths === null);
  if (!last.cell) return;
  const shape = shapeOfCell(last.cell);
  expect(largestDifference(facts.lengths!, shape.lengths), `${what}, cell`).toBeLessThan(2e-5);
  if (facts.angles) expect(largestDifference(facts.angles, shape.angles), `${what}, cell`).toBeLessThan(1e-2);
}

/** The whole file that a writer makes of some frames. */
export function writtenFile(writer: TrajectoryWriter, frames: readonly Frame[]): Uint8Array {
  const parts = [writer.head(), ...frames.map((frame) => writer.frame(frame))];
  const { tail, patches } = writer.end();
  parts.push(tail);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  for (const patch of patches) bytes.set(patch.bytes, patch.offset);
  return bytes;
}

export function largestDifference(theirs: ArrayLike<number>, ours: ArrayLike<number>): number {
  expect(theirs.length).toBe(ours.length);
  let largest = 0;
  for (let i = 0; i < ours.length; i++) largest = Math.max(largest, Math.abs(theirs[i]! - ours[i]!));
  return largest;
}
