/**
 * A set of a run to be looked through: what is drawn, how many frames there are, and one at a time. The reference is
 * read from its own files, so that nothing has to be loaded for a look at it. nm, ps.
 */

import { changedData } from '../../../runs/data/load-data.ts';
import { targetSource } from '../../../runs/data/molecule-record.ts';
import type { SetName } from '../../contract.ts';
import { drawable } from '../files/drawable.ts';
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import type { Place, Row } from './conformation-set.ts';
import { type MolecularRun, molecularRun } from './open-run.ts';
import { absentSet, setOf } from './run-sets.ts';

export async function openStructures(
  { folder, set: name }: Questions['structures.open'],
  reading: Reading,
): Promise<Answer<'structures.open'>> {
  const run = molecularRun(await reading.caches.runs.open(folder));
  const found = await framesOf(run, name, reading);
  const { frames, replicas, timeStep } = found;
  const positions = (await firstOf(found)) ?? new Float32Array(3 * run.topology.atoms.length);
  return { structure: drawable(run.topology, positions), frames, replicas, timeStep };
}

/** A replica may have stopped before its first frame. */
async function firstOf({ replicas, length, row }: Frames): Promise<Float32Array | undefined> {
  for (let replica = 0; replica < replicas; replica++) {
    if (length(replica) > 0) return (await row({ frame: 0, replica })).positions;
  }
  return undefined;
}

export async function showStructure(
  { folder, set: name, frame, replica = 0 }: Questions['structures.frame'],
  reading: Reading,
): Promise<Answer<'structures.frame'>> {
  const run = molecularRun(await reading.caches.runs.open(folder));
  const { row } = await framesOf(run, name, reading);
  const { positions, time } = await row({ frame, replica });
  const [x, y] = run.system.variables.points(positions).map((values) => values[0]!);
  const at = [x!, y ?? 0] as const;
  return { positions, time, at: at.every(Number.isFinite) ? [at[0], at[1]] : null };
}

export interface Frames {
  readonly frames: number;
  readonly replicas: number;
  length(replica: number): number;
  readonly timeStep: number | null;
  row(place: Place): Promise<Row>;
}

/** The reference from its own files, beads alone. */
export async function framesOf(run: MolecularRun, name: SetName, reading: Reading): Promise<Frames> {
  if (name === 'reference') return referenceFrames(run, reading);
  const set = await setOf(run, name, reading);
  if (set) return set;
  throw absentSet(name);
}

async function referenceFrames({ own, topology }: MolecularRun, { caches, follower }: Reading): Promise<Frames> {
  const { beadFrames } = caches;
  const task = follower.task('opening');
  const source = targetSource(own);
  const { stride } = own;
  const opened = await beadFrames.open(source, own, task);
  if (opened.mapping.beads.length !== topology.atoms.length) {
    throw changedData([source.structure, ...source.trajectories]);
  }
  const { pieces, times } = opened.source;
  const frames = pieces.reduce((sum, piece) => sum + Math.ceil(piece.frames / stride), 0);
  return {
    frames,
    replicas: 1,
    length: () => frames,
    timeStep: times && times.step * stride,
    row: ({ frame }) => beadFrames.frame(opened, frame, stride, task),
  };
}
