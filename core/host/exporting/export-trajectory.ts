/**
 * The frames of a set as trajectories for other programs, one for each replica, with a PDB of the beads beside them.
 * Frame by frame, so memory holds one whatever their number; the reference as its beads are, from its own files.
 */
import { join } from 'node:path';
import { ErgodicError } from '../../errors.ts';
import { writableFormat } from '../../formats/molecule-formats.ts';
import { pdbWriter } from '../../formats/pdb.ts';
import type { Frame } from '../../formats/trajectory.ts';
import { writeAtomically } from '../../storage/atomic-write.ts';
import { inColumns } from '../../storage/trajectory-file.ts';
import { writeFrames } from '../../storage/write-frames.ts';
import type { Topology } from '../../systems/topology.ts';
import type { Task } from '../../task.ts';
import { molecularRun } from '../reading/results/open-run.ts';
import { type Frames, framesOf } from '../reading/results/show-structures.ts';
import type { CheckedExport } from './checked-export.ts';
import type { Exporting } from './exporting.ts';
import { freeStem } from './free-names.ts';

export async function exportTrajectory(
  { set: name, format, stride }: Extract<CheckedExport, { what: 'trajectory' }>,
  exporting: Exporting,
): Promise<void> {
  const { into, follower } = exporting;
  const run = molecularRun(exporting.run);
  const { topology } = run;
  const frames = await framesOf(run, name, exporting);
  const replicas = Array.from({ length: frames.replicas }, (_, replica) => replica).filter(
    (replica) => frames.length(replica) > 0,
  );
  if (replicas.length === 0) throw new ErgodicError(`There is no frame in the ${name} of this run: nothing to export.`);
  const beads = (stem: string) => `${stem}-beads.pdb`;
  const trajectory = (stem: string, replica: number) =>
    frames.replicas === 1 ? `${stem}.${format}` : `${stem}-${String(replica).padStart(3, '0')}.${format}`;
  // A PDB says itself what the beads are.
  const isComplete = format === 'pdb';
  const stem = await freeStem(into, `${exporting.stem}-${name}`, (one) => [
    ...(isComplete ? [] : [beads(one)]),
    ...replicas.map((replica) => trajectory(one, replica)),
  ]);
  const counted = replicas.map((replica) => Math.ceil(frames.length(replica) / stride));
  const total = counted.reduce((sum, count) => sum + count, 0);
  const task = follower.task(`exporting the ${name}`);
  let done = 0;
  const report = () => task.report({ done, total, unit: 'frames' });
  report();
  if (!isComplete) {
    const { positions } = await frames.row({ frame: 0, replica: replicas[0]! });
    const path = join(into, beads(stem));
    await writeAtomically(path, beadsFile(topology, positions));
    exporting.wrote(path);
  }
  for (const [i, replica] of replicas.entries()) {
    const path = join(into, trajectory(stem, replica));
    const writer = await writableFormat(path).writer({
      topology,
      cell: false,
      frames: counted[i]!,
      ...(frames.timeStep === null ? {} : { timeStep: frames.timeStep * stride }),
    });
    await writeFrames(
      path,
      writer,
      framesFrom(frames, replica, stride, task, () => {
        done++;
        if (done % 500 === 0) report();
      }),
    );
    exporting.wrote(path);
    report();
  }
}

async function* framesFrom(
  { length, row }: Frames,
  replica: number,
  stride: number,
  { signal }: Task,
  counted: () => void,
): AsyncGenerator<Frame> {
  for (let frame = 0; frame < length(replica); frame += stride) {
    signal.throwIfAborted();
    const { positions, time } = await row({ frame, replica });
    yield { positions, step: frame, ...(time === null ? {} : { time }) };
    counted();
  }
}

/** What the beads are, at one conformation. */
function beadsFile(topology: Topology, positions: Float32Array): Uint8Array {
  const writer = pdbWriter(inColumns(topology), { frames: 1 });
  return Buffer.concat([writer.head(), writer.frame({ positions }), writer.end().tail]);
}
