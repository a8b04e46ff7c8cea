/**
 * What the gallery shows: the figures and conformations of the sample in resources/, as plain numbers. Not part of the
 * product; the views take the same shapes from a host.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { conformations } from '../../core/analysis/geometry/conformations.ts';
import { contactMap } from '../../core/analysis/geometry/contact-map.ts';
import { drawable } from '../../core/host/reading/files/drawable.ts';
import { openStructure, openTrajectory } from '../../core/storage/molecule-files.ts';
import { withBonds } from '../../core/systems/bonds.ts';
import { move, superpose } from '../../core/systems/superpose.ts';
import type { Topology } from '../../core/systems/topology.ts';
import type { FileOfData, FileOfMolecule } from '../../renderer/gallery/data.ts';

const resources = fileURLToPath(new URL('../../resources/', import.meta.url));
const run = `${resources}alanine-dipeptide/run`;

export async function galleryData(): Promise<FileOfData> {
  const figure = async (name: string) => rowsOf(await readFile(`${run}/figures/${name}.csv`, 'utf8'));
  const energies = await figure('free-energy');
  const surface = (column: number) => energies.map((row) => numberOf(row[column]!));
  const profiles = grouped(await figure('profiles'), (row) => `${row[0]}|${row[1]}`);
  const bonds = grouped(await figure('bonds'), (row) => row[0]!);
  const residual = await figure('residual');
  const walk = await figure('trajectory');
  const folder = `${resources}data/chignolin-go`;
  const chain = await molecule(`${folder}/ca.pdb`, `${folder}/ca.xtc`, 400);
  const atoms = await molecule(
    `${resources}alanine-dipeptide/topology.pdb`,
    `${resources}alanine-dipeptide/frames.xtc`,
    400,
  );
  return {
    surfaces: { reference: surface(2), samples: surface(3), simulation: surface(4) },
    profiles: [...profiles.values()].map((rows) => ({
      axis: rows[0]![0]!,
      curve: rows[0]![1]!,
      x: rows.map((row) => Number(row[2])),
      energy: rows.map((row) => numberOf(row[3]!)),
      error: rows.map((row) => numberOf(row[4]!)),
    })),
    bonds: [...bonds].map(([name, rows]) => ({
      name,
      x: rows.map((row) => Number(row[1])),
      densities: {
        reference: rows.map((row) => Number(row[2])),
        samples: rows.map((row) => Number(row[3])),
        simulation: rows.map((row) => Number(row[4])),
      },
    })),
    residual: { t: residual.map((row) => Number(row[1])), meanAbsR: residual.map((row) => Number(row[2])) },
    training: [...grouped(await figure('training'), (row) => row[0]!)].map(([name, rows]) => ({
      name,
      x: rows.map((row) => Number(row[1])),
      y: rows.map((row) => Number(row[2])),
    })),
    walk: {
      times: walk.map((row) => Number(row[0])),
      phi: walk.map((row) => Number(row[1])),
      psi: walk.map((row) => Number(row[2])),
    },
    beads: await molecule(`${run}/beads.pdb`, `${run}/simulation-000.xtc`, 200),
    atoms: { ...atoms, frames: atoms.frames.slice(0, 100) },
    alike: nearest(atoms.frames, 30),
    chain,
    contacts: contactsOf(chain),
  };
}

async function molecule(structurePath: string, trajectoryPath: string, count: number): Promise<FileOfMolecule> {
  await using file = await openStructure(structurePath);
  await using trajectory = await openTrajectory(trajectoryPath);
  const frames: number[][] = [];
  for (let i = 0; i < Math.min(count, trajectory.reader.frames); i++) {
    frames.push(Array.from((await trajectory.reader.frame(i)).positions));
  }
  return { structure: drawn(file.topology, frames[0]!), frames };
}

function drawn(topology: Topology, positions: readonly number[]): FileOfMolecule['structure'] {
  const { pdb, atoms, bonds, coarse } = drawable(withBonds(topology, positions), positions);
  return { pdb, atoms, bonds: [...bonds], coarse };
}

/** The conformations nearest to the first, superposed on it. */
function nearest(frames: readonly number[][], count: number): number[][] {
  const first = Float64Array.from(frames[0]!);
  return frames
    .map((frame) => {
      const positions = Float64Array.from(frame);
      const motion = superpose(positions, first);
      move(motion, positions, positions);
      return { rmsd: motion.rmsd, positions: Array.from(positions) };
    })
    .sort((a, b) => a.rmsd - b.rmsd)
    .slice(0, count)
    .map(({ positions }) => positions);
}

/** Of the first and of the second half of the frames. */
function contactsOf({ structure, frames }: FileOfMolecule): FileOfData['contacts'] {
  const [first, second] = [frames.slice(0, frames.length / 2), frames.slice(frames.length / 2)].map((part) => {
    const { probability } = contactMap(conformations(Float64Array.from(part.flat()), structure.atoms));
    return Array.from(probability, (p) => (Number.isNaN(p) ? null : p));
  });
  return { first: first!, second: second!, beads: structure.atoms };
}

const numberOf = (cell: string): number | null => (cell === '' ? null : Number(cell));

/** Without the header; fields may be quoted. */
const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map((match) => match[1]!.replaceAll('"', '')));

function grouped(rows: string[][], key: (row: string[]) => string): Map<string, string[][]> {
  const groups = new Map<string, string[][]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
