/**
 * What the automatic method is told of the data (methods/auto/choose.ts), from the headers of their files: beads, frames,
 * molecules, whether there are forces. No frame is read but the first of each file.
 */
import type { Modelled } from '../../methods/auto/choose.ts';
import type { Specification } from '../../specification/settings.ts';
import { beadTopology } from '../../systems/beads.ts';
import type { Bond } from '../../systems/topology.ts';
import { torsionsOf } from '../../systems/torsions.ts';
import { beadReader, type OpenSource, openSource } from '../data/molecule-data.ts';
import type { Follower } from '../follower.ts';

export interface Surveyed extends Modelled {
  /** Of the lightest bead, amu. */
  readonly lightest: number;
}

export async function survey({ system }: Specification, follower: Follower): Promise<Surveyed> {
  if (system.kind !== 'molecule') {
    return { system: 'toy', beads: 0, molecules: 1, rotatable: 0, bondLength: 0, hasForces: false, lightest: 1 };
  }
  const task = follower.task('opening the data');
  const trained = system.sources.filter(({ use }) => use === 'train');
  let frames = 0;
  let hasForces = true;
  const topologies = [];
  const bondLengths: number[] = [];
  for (const source of trained) {
    await using files = new AsyncDisposableStack();
    // Problems are said when the data are read.
    const open = await openSource(files, source, system, task, () => undefined);
    const { trajectories, mapping, pieces } = open;
    frames += pieces.reduce((sum, count) => sum + count, 0);
    hasForces &&= trajectories.every(({ reader }) => reader.frames === 0 || reader.holds.forces);
    const topology = beadTopology(mapping);
    topologies.push(topology);
    bondLengths.push(meanLength(topology.bonds, await firstFrame(open)));
  }
  // Not all of the bytes were read: without this the task would seem to go on.
  task.report({ done: trained.length, total: trained.length, unit: 'molecules' });
  const beads = Math.max(...topologies.map(({ atoms }) => atoms.length));
  const [first] = topologies;
  return {
    system: 'molecule',
    beads,
    frames,
    molecules: system.sources.length,
    rotatable: first ? torsionsOf({ beads, bonds: first.bonds }).length : 0,
    bondLength: Math.max(...bondLengths),
    hasForces,
    lightest: Math.min(...topologies.flatMap(({ atoms }) => atoms.map(({ mass }) => mass ?? 1))),
  };
}

/** Of the beads, nm. */
async function firstFrame({ trajectories, topology, mapping }: OpenSource): Promise<Float64Array> {
  const { path, reader } = trajectories.find((trajectory) => trajectory.reader.frames > 0)!;
  const row = new Float64Array(3 * mapping.beads.length);
  beadReader(topology, mapping)(await reader.frame(0), row, { path, frame: 0 });
  return row;
}

/** 0 without bonds. */
function meanLength(bonds: readonly Bond[], x: Float64Array): number {
  const lengths = bonds.map(([i, j]) => Math.hypot(...[0, 1, 2].map((axis) => x[3 * i + axis]! - x[3 * j + axis]!)));
  return lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
}
