/**
 * Chosen conformations of a set as one PDB with a model for each, superposed on the first, and a table of where each of
 * them comes from. Of the reference, whose atoms are all known, a second PDB has all atoms of the same molecules.
 */
import { join } from 'node:path';
import { csv } from '../../analysis/figures/csv.ts';
import { axisQuantity, columnTitle, columnValue } from '../../analysis/figures/quantity.ts';
import { pdbWriter } from '../../formats/pdb.ts';
import type { Frame } from '../../formats/trajectory.ts';
import { targetSource } from '../../runs/data/molecule-record.ts';
import { writeAtomically } from '../../storage/atomic-write.ts';
import { inColumns } from '../../storage/trajectory-file.ts';
import { writeFrames } from '../../storage/write-frames.ts';
import { moleculesWith } from '../../systems/molecules.ts';
import { subset } from '../../systems/subset.ts';
import { move, superpose } from '../../systems/superpose.ts';
import type { Topology } from '../../systems/topology.ts';
import { wholePositions } from '../reading/files/open-source.ts';
import { type MolecularRun, molecularRun } from '../reading/results/open-run.ts';
import { framesOf } from '../reading/results/show-structures.ts';
import type { CheckedExport } from './checked-export.ts';
import type { Exporting } from './exporting.ts';
import { freeStem } from './free-names.ts';

type Chosen = Extract<CheckedExport, { what: 'structures' }>;

export async function exportStructures({ set: name, frames: chosen }: Chosen, exporting: Exporting): Promise<void> {
  const { into, follower } = exporting;
  const run = molecularRun(exporting.run);
  const source = await framesOf(run, name, exporting);
  const places = chosen.map(({ frame, replica = 0 }) => ({ frame, replica }));
  const task = follower.task('exporting structures');
  const rows: Found[] = [];
  for (const [done, place] of places.entries()) {
    task.signal.throwIfAborted();
    task.report({ done, total: places.length, unit: 'structures' });
    rows.push({ ...place, ...(await source.row(place)) });
  }
  const what = nameOf(name, places, source.replicas > 1);
  const stem = await freeStem(into, `${exporting.stem}-${what}`, (one) => [
    `${one}.pdb`,
    `${one}.csv`,
    `${one}-all-atoms.pdb`,
  ]);
  const title = `${run.record.specification.name} ${what}`;
  const models = join(into, `${stem}.pdb`);
  const conformations = laidOver(rows.map(({ positions }) => positions));
  await writeModels(
    models,
    run.topology,
    conformations.map((positions, i) => ({ positions, ...timeOf(rows[i]!) })),
    title,
  );
  exporting.wrote(models);
  if (name === 'reference') {
    const path = join(into, `${stem}-all-atoms.pdb`);
    const { topology, frames } = await allAtoms(run, places, exporting);
    await writeModels(path, topology, frames, title);
    exporting.wrote(path);
  }
  const table = join(into, `${stem}.csv`);
  await writeAtomically(table, tableOf(run, rows, source.replicas > 1));
  exporting.wrote(table);
  task.report({ done: places.length, total: places.length, unit: 'structures' });
}

/** Counted from 1, as people do; a single one is named by its number. */
function nameOf(set: string, places: readonly { frame: number; replica: number }[], hasReplicas: boolean): string {
  if (places.length > 1) return `${set}-${places.length}-structures`;
  const { frame, replica } = places[0]!;
  return `${set}${hasReplicas ? `-replica-${replica + 1}` : ''}-frame-${frame + 1}`;
}

const timeOf = ({ time }: { readonly time: number | null }) => (time === null ? {} : { time });

function laidOver(conformations: readonly Float32Array[]): Float32Array[] {
  const [first] = conformations;
  return conformations.map((own) => {
    const moved = new Float32Array(own.length);
    move(superpose(own, first!), own, moved);
    return moved;
  });
}

async function writeModels(path: string, topology: Topology, frames: readonly Frame[], title: string): Promise<void> {
  const writer = pdbWriter(inColumns(topology), { title, frames: frames.length });
  await writeFrames(
    path,
    writer,
    (async function* () {
      yield* frames;
    })(),
  );
}

/** Of the molecules that the beads belong to, without the solvent around them. */
async function allAtoms(
  { own }: MolecularRun,
  places: readonly { readonly frame: number }[],
  { caches, follower }: Exporting,
): Promise<{ topology: Topology; frames: Frame[] }> {
  const task = follower.task('exporting all atoms');
  const { source, mapping } = await caches.beadFrames.open(targetSource(own), own, task);
  const beadAtoms = mapping.beads.flatMap(({ atoms }) => atoms);
  const chosen = Uint32Array.from(moleculesWith(source.molecules, beadAtoms).members).sort();
  const frames: Frame[] = [];
  for (const { frame } of places) {
    task.signal.throwIfAborted();
    const placed = await caches.sources.frame(source, frame, own.stride, task);
    const all = wholePositions(source, placed);
    const positions = new Float32Array(3 * chosen.length);
    for (const [i, place] of chosen.entries()) positions.set(all.subarray(3 * place, 3 * place + 3), 3 * i);
    frames.push({ positions, ...timeOf(placed) });
  }
  const laid = laidOver(frames.map(({ positions }) => Float32Array.from(positions)));
  return {
    topology: subset(source.topology, chosen),
    frames: frames.map((frame, i) => ({ ...frame, positions: laid[i]! })),
  };
}

interface Found {
  readonly frame: number;
  readonly replica: number;
  readonly time: number | null;
  readonly positions: Float32Array;
}

function tableOf(run: MolecularRun, rows: readonly Found[], hasReplicas: boolean): string {
  const { axes, plane, points } = run.system.variables;
  const quantities = axes.map((axis, i) => axisQuantity(axis, plane.periodic, i));
  const header = ['model', ...(hasReplicas ? ['replica'] : []), 'frame', 'time (ps)', ...quantities.map(columnTitle)];
  return csv(
    header,
    rows.map(({ frame, replica, time, positions }, i) => [
      i + 1,
      ...(hasReplicas ? [replica + 1] : []),
      frame + 1,
      time ?? Number.NaN,
      ...points(positions).map((values, axis) => columnValue(quantities[axis]!, values[0]!)),
    ]),
  );
}
