/**
 * For tests only: runs that nobody trained. Their samples and their simulation are conformations whose law is known,
 * written as a run writes them.
 */
import { loadData } from '../../../runs/data/load-data.ts';
import type { DataFacts } from '../../../runs/data/run-data.ts';
import { type RunSystem, systemOf } from '../../../runs/data/run-system.ts';
import { RunFolder } from '../../../runs/run-folder.ts';
import { type RunResult, samplesResult, simulationResult, writeResultInFolder } from '../../../runs/run-results.ts';
import {
  chainFrames,
  chainTopology,
  smallMolecularSpecification,
  writeMolecule,
} from '../../../runs/small-molecule.test-support.ts';
import { Listener, recordOf, smallSpecification } from '../../../runs/small-run.test-support.ts';
import type { Specification } from '../../../specification/settings.ts';
import { trajectoryFrames } from '../../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../../systems/toys/toy-systems.ts';

/** What to make of it; all there is by default. */
export type SetName = 'samples' | 'simulation';
type Rows = (count: number, seed: number) => Float32Array;

async function made(
  folder: string,
  specification: Specification,
  facts: DataFacts,
  parts: readonly SetName[],
  rowsOf: Rows,
): Promise<RunSystem> {
  const system = systemOf({ specification, ...facts });
  await using run = await RunFolder.create(folder, { ...recordOf(specification, 'run'), ...facts });
  for (const [seed, name] of parts.entries()) {
    const result: RunResult = (name === 'samples' ? samplesResult : simulationResult)(specification, system);
    const rows = result.shape.slice(0, -1).reduce((product, side) => product * side, 1);
    const making = { key: '', named: async () => undefined };
    await writeResultInFolder(run.path, result, making, (take) => take(rowsOf(rows, seed + 7)));
  }
  return system;
}

const ALL: readonly SetName[] = ['samples', 'simulation'];

/** 300 samples; 20 replicas of 20 frames. */
export function madeToy(
  folder: string,
  kind: 'double-well-1d' | 'double-well-2d' | 'mueller-brown',
  parts = ALL,
  bias: object = {},
) {
  const toy = toySystem(kind);
  const specification = smallSpecification({ name: 'toy', system: { kind, samples: 500, ...bias } });
  return made(folder, specification, {}, parts, (count, seed) => {
    const next = trajectoryFrames(toy, { seed });
    const values = new Float32Array(count * toy.dimension);
    for (let i = 0; i < count; i++) values.set(next(), i * toy.dimension);
    return values;
  });
}

/** A chain of Cα beads: 60 samples; 3 replicas of 4 frames. `data`: files of its conformations, without ending. */
export async function madeChain(
  folder: string,
  data: string,
  beads: number,
  parts = ALL,
  changes: object = {},
  ownSystem: object = {},
  ownFiles: object = {},
) {
  const topology = chainTopology(Array.from({ length: beads }, () => 'ALA'));
  const source = writeMolecule(data, topology, chainFrames(beads, 200, 1));
  const specification = smallMolecularSpecification([{ ...source, ...ownFiles }], ownSystem, changes);
  const { facts } = await loadData(specification, new Listener());
  const system = await made(folder, specification, facts, parts, (count, seed) => chainFrames(beads, count, seed));
  return { source, topology, specification, system };
}
