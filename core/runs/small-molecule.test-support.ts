/**
 * For tests only: molecules whose law is known. A chain of beads held together by harmonic bonds and nothing else, with
 * exact samples; as files written by our own writers; and a specification that trains in a second.
 */
import { writeFileSync } from 'node:fs';
import { pdbWriter } from '../formats/pdb.ts';
import type { Frame, TrajectoryWriter } from '../formats/trajectory.ts';
import { xtcWriter } from '../formats/xtc.ts';
import type { Specification, SpecificationOf } from '../specification/settings.ts';
import { validateSpecification } from '../specification/specification.ts';
import type { Cell } from '../systems/periodic/cell.ts';
import type { Bond, Topology } from '../systems/topology.ts';
import { gaussianSource, uniformSource } from '../systems/toys/gaussian.ts';
import { moleculeRecord } from './data/molecule-record.ts';
import { type RunSystem, systemOf } from './data/run-system.ts';

/** nm: length of a bond at rest, and √(kT/k). */
export const BOND = { rest: 0.38, width: 0.06 } as const;

/** Cα atoms of these residues, one chain. */
export function chainTopology(residues: readonly string[]): Topology {
  return {
    atoms: residues.map((_, i) => ({ name: 'CA', element: 'C', serial: i + 1, residue: i })),
    residues: residues.map((name, i) => ({ name, number: i + 1, insertion: '', chain: 0, hetero: false })),
    chains: [{ id: 'A', segment: '' }],
    bonds: [],
  };
}

/** Bonds are independent: each of any direction, its length r of density r² exp(−(r − rest)²/2 width²). */
export function chainFrames(beads: number, frames: number, seed: number): Float32Array {
  const next = gaussianSource(seed);
  const word = uniformSource(seed + 1);
  const values = new Float32Array(3 * beads * frames);
  const longest = BOND.rest + 6 * BOND.width;
  const bondLength = (): number => {
    for (;;) {
      const r = BOND.rest + BOND.width * next();
      if (r > 0 && word() / 2 ** 32 < (r / longest) ** 2) return r;
    }
  };
  for (let frame = 0, at = 0; frame < frames; frame++) {
    at += 3;
    for (let bead = 1; bead < beads; bead++, at += 3) {
      const direction = [next(), next(), next()];
      const factor = bondLength() / Math.hypot(...direction);
      for (let axis = 0; axis < 3; axis++) values[at + axis] = values[at - 3 + axis]! + factor * direction[axis]!;
    }
  }
  return values;
}

/** Mean and standard deviation of a bond, by quadrature of its density. */
export function bondMoments(): { mean: number; deviation: number } {
  const sums = [0, 0, 0];
  for (let i = 0; i < 20_000; i++) {
    const r = (i + 0.5) * 5e-5;
    const weight = r ** 2 * Math.exp(-0.5 * ((r - BOND.rest) / BOND.width) ** 2);
    for (let power = 0; power < 3; power++) sums[power]! += weight * r ** power;
  }
  const mean = sums[1]! / sums[0]!;
  return { mean, deviation: Math.sqrt(sums[2]! / sums[0]! - mean ** 2) };
}

/** The whole file. */
export function fileOf(writer: TrajectoryWriter, frames: Iterable<Frame>): Uint8Array {
  const pieces = [writer.head(), ...Array.from(frames, (frame) => writer.frame(frame))];
  const { tail, patches } = writer.end();
  const bytes = Buffer.concat([...pieces, tail]);
  for (const { offset, bytes: over } of patches) bytes.set(over, offset);
  return bytes;
}

export function framesIn(positions: Float32Array, atoms: number, cell?: Cell): Frame[] {
  return Array.from({ length: positions.length / (3 * atoms) }, (_, i) => ({
    positions: positions.subarray(3 * atoms * i, 3 * atoms * (i + 1)),
    ...(cell ? { cell } : {}),
    time: i,
    step: i,
  }));
}

/** `path` without ending: a PDB of the first frame and an XTC of all. */
export function writeMolecule(path: string, topology: Topology, positions: Float32Array, cell?: Cell) {
  const atoms = topology.atoms.length;
  const frames = framesIn(positions, atoms, cell);
  writeFileSync(`${path}.pdb`, fileOf(pdbWriter(topology, { frames: 1 }), frames.slice(0, 1)));
  writeFileSync(`${path}.xtc`, fileOf(xtcWriter({ atoms, precision: 1e5 }), frames));
  return { structure: `${path}.pdb`, trajectories: [`${path}.xtc`] };
}

const transformer = { kind: 'graph-transformer', hidden: 8, layers: 1, heads: 2, headWidth: 4 };
const training = { network: transformer, steps: 60, batch: 16, learningRate: [3e-3, 1e-4] };

/** Three experts, the one at t = 0 with the regulariser. */
export const smallMolecularRun = {
  name: 'chain',
  experts: [
    { range: [0, 0.1], ...training, alpha: 1e-3 },
    { range: [0.1, 0.6], ...training, conservative: false },
    { range: [0.6, 1], ...training, conservative: false },
  ],
  sample: { count: 60, solver: 'dpm', steps: 12 },
  simulate: { replicas: 3, steps: 40, stride: 10, equilibration: 20, timeStep: 0.001, friction: 10 },
  evaluate: { residualPoints: 6 },
  engine: 'wasm',
  threads: 2,
  checkpoint: { everySteps: 20 },
};

type Source = Readonly<ReturnType<typeof writeMolecule>> & { readonly use?: 'train' | 'test' };

/** `system` and `changes` replace whole groups. */
export const smallMolecularSpecification = (
  sources: readonly Source[],
  system: object = {},
  changes: object = {},
): SpecificationOf<'diffusion'> =>
  validateSpecification(
    { ...smallMolecularRun, system: { kind: 'molecule', sources, beads: 'ca', ...system }, ...changes },
    'chain.yaml',
  ) as SpecificationOf<'diffusion'>;

/** What a run knows of a chain, without files. `masses`: amu. */
export function chainSystem(beads: number, specification?: Specification, masses?: readonly number[]): RunSystem {
  const own = specification ?? smallMolecularSpecification([{ structure: 'chain.pdb', trajectories: [] }]);
  const { system } = own;
  if (system.kind !== 'molecule') throw new Error('not a molecule');
  const chain = chainTopology(Array.from({ length: beads }, () => 'ALA'));
  const topology: Topology = {
    ...chain,
    atoms: chain.atoms.map((atom, i) => ({ ...atom, mass: masses?.[i] ?? 12 })),
    bonds: chain.atoms.slice(1).map((_, i): Bond => [i, i + 1]),
  };
  const data = { dimension: 3 * beads, count: 200, values: chainFrames(beads, 200, 1) };
  const molecule = moleculeRecord([{ name: 'chain', use: 'train', topology, data, pieces: [200] }], system);
  return systemOf({ specification: own, molecule });
}
