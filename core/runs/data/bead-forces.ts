/**
 * Forces on beads from the forces on atoms in trajectories, as `system.forceMap` says. The aggregated map is fitted to
 * the frames themselves, some evenly spaced ones, before any is mapped. kJ/(mol·nm).
 */
import type { Frame } from '../../formats/trajectory.ts';
import { missingColumn } from '../../models/columns.ts';
import type { MoleculeSpecification } from '../../specification/settings.ts';
import type { OpenTrajectory } from '../../storage/molecule-files.ts';
import type { BeadMapping } from '../../systems/beads.ts';
import { applyForceMap, ownForces, removeNetForceAndTorque } from '../../systems/force-map.ts';
import type { Topology } from '../../systems/topology.ts';
import type { Task } from '../../task.ts';
import { ForceAggregation } from './force-aggregation.ts';
import { frameWithout, notFinite } from './frame-faults.ts';

/** Frames that the aggregated map is fitted to, at most. */
const MOST_FITTED = 2000;

export interface ForceSource {
  readonly trajectories: readonly OpenTrajectory[];
  readonly topology: Topology;
  readonly mapping: BeadMapping;
  readonly stride: number;
}

interface FrameOrigin {
  readonly path: string;
  readonly frame: number;
}

/** Writes the forces on the beads of a frame, whose positions are given too. */
export type BeadForceReader = (
  frame: Pick<Frame, 'forces'>,
  beads: Float64Array,
  row: Float64Array,
  at: FrameOrigin,
) => void;

export async function beadForceReader(
  source: ForceSource,
  kind: MoleculeSpecification['forceMap'],
  task: Task,
): Promise<BeadForceReader> {
  const lacking = source.trajectories.filter(({ reader }) => reader.frames > 0 && !reader.holds.forces);
  if (lacking.length > 0) {
    throw missingColumn(
      'forces',
      lacking.map(({ path }) => path),
    );
  }
  const map = kind === 'own' ? ownForces(source.mapping) : await aggregated(source, task);
  return (frame, beads, row, at) => {
    applyForceMap(map, forcesOf(frame, at), row);
    if (kind === 'aggregated') removeNetForceAndTorque(beads, row);
    if (!row.every(Number.isFinite)) throw notFinite(at.path, at.frame, 'a force');
  };
}

async function aggregated({ trajectories, topology, mapping, stride }: ForceSource, task: Task) {
  const used = trajectories.flatMap(({ path, reader }) =>
    Array.from({ length: Math.ceil(reader.frames / stride) }, (_, i) => ({ path, reader, frame: i * stride })),
  );
  const count = Math.min(used.length, MOST_FITTED);
  const aggregation = new ForceAggregation(topology, mapping, count);
  for (let i = 0; i < count; i++) {
    task.signal.throwIfAborted();
    const { path, reader, frame } = used[Math.floor(((i + 0.5) * used.length) / count)]!;
    const forces = forcesOf(await reader.frame(frame), { path, frame });
    if (!forces.every(Number.isFinite)) throw notFinite(path, frame, 'a force');
    aggregation.add(forces);
  }
  return aggregation.fitted();
}

function forcesOf({ forces }: Pick<Frame, 'forces'>, { path, frame }: FrameOrigin) {
  if (!forces) throw frameWithout(path, frame, 'forces');
  return forces;
}
