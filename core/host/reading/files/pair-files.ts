/**
 * Which trajectory belongs to which structure. Certain is only what has as many atoms and a name that says so: the same
 * name but for the ending, or one that goes on after it ("model.pdb", "model-1.xtc"). Anything else that fits is a
 * question; what fits nothing is refused. Not here: what is in the files otherwise (inspect-files.ts).
 */
import { basename } from 'node:path';
import { ErgodicError } from '../../../errors.ts';
import { moleculeFormat } from '../../../formats/molecule-formats.ts';
import { stemOf } from '../../../runs/data/molecule-data.ts';
import { inspect, isPlain } from '../../../storage/inspect.ts';
import { openMolecule } from '../../../storage/molecule-files.ts';
import type { Task } from '../../../task.ts';
import type { Answer, NamedFile, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { withShortNames } from './short-names.ts';

/** What pairing goes by. */
interface Looked extends NamedFile {
  readonly atoms: number;
  readonly frames: number;
  /** Says what the atoms are. */
  readonly isStructure: boolean;
}

type Pairing = Answer<'files.pair'>;

export async function pairFiles({ files }: Questions['files.pair'], { follower }: Reading): Promise<Pairing> {
  const found: Looked[] = [];
  const refused: Pairing['refused'] = [];
  for (const file of files) {
    follower.signal.throwIfAborted();
    try {
      found.push(await look(file, follower.task('looking at files')));
    } catch (error) {
      if (!(error instanceof ErgodicError)) throw error;
      refused.push({ file: file.id, message: withShortNames(error.message) });
    }
  }
  const { sources, questions, refused: others } = paired(found);
  return { sources, questions, refused: [...refused, ...others] };
}

async function look({ id, path }: NamedFile, task: Task): Promise<Looked> {
  if (/\.(npy|csv)$/i.test(path)) {
    const { shape } = await inspect(path, task);
    if (shape) {
      const use = isPlain(shape) ? 'weights of as many frames' : 'the data of a toy system';
      throw new ErgodicError(
        `\`${path}\` is an array of ${shape.join(' × ')} numbers and no molecule: it can be ${use} only.`,
      );
    }
  }
  await using file = await openMolecule(path, task);
  const { topology, trajectory } = file;
  const atoms = topology?.atoms.length ?? trajectory?.atoms ?? 0;
  return { id, path, atoms, frames: trajectory?.frames ?? 0, isStructure: topology !== undefined };
}

function paired(files: readonly Looked[]): Pairing {
  const structures = files.filter(({ isStructure }) => isStructure);
  const trajectoriesOf = new Map(structures.map(({ id }) => [id, [] as string[]]));
  const questions: Pairing['questions'] = [];
  const refused: Pairing['refused'] = [];
  for (const file of files) {
    const others = ownersFor(file, structures);
    const fitting = others.filter(({ atoms }) => atoms === file.atoms);
    if (file.isStructure && fitting.length === 0) continue;
    const certain = namesake(file, others);
    if (certain && fitting.includes(certain)) trajectoriesOf.get(certain.id)!.push(file.id);
    else if (fitting.length > 0 || structures.length === 0) {
      const alone = file.isStructure ? [file] : [];
      const candidates = [...fitting, ...alone].map(({ id }) => id);
      questions.push({ trajectory: file.id, message: questionAbout(file, fitting), candidates });
    } else refused.push({ file: file.id, message: misfit(file, certain ? [certain] : structures) });
  }
  const placed = new Set([...trajectoriesOf.values()].flat());
  const asked = new Set(questions.flatMap(({ trajectory, candidates }) => [trajectory, ...candidates]));
  const sources: Pairing['sources'] = [];
  for (const { id, path, frames } of structures) {
    const trajectories = trajectoriesOf.get(id)!;
    const isSource = trajectories.length > 0 || (frames > 0 && !asked.has(id) && !placed.has(id));
    if (isSource) sources.push({ structure: id, trajectories, use: 'train' });
    else if (frames === 0 && !asked.has(id)) {
      const message = `\`${basename(path)}\` has no coordinates: add a trajectory.`;
      refused.push({ file: id, message });
    }
  }
  return { sources, questions, refused };
}

/**
 * Structures that it may belong to. Conformations that say themselves what they are of may all the same be meant as the
 * trajectory of a file that has one at most.
 */
const ownersFor = (file: Looked, structures: readonly Looked[]): Looked[] =>
  file.isStructure
    ? structures.filter(({ id, frames }) => id !== file.id && frames <= 1 && file.frames > 1)
    : [...structures];

/** The one structure whose name says that a file belongs to it. */
function namesake(file: Looked, structures: readonly Looked[]): Looked | undefined {
  const own = stemOf(file.path).toLowerCase();
  const named = structures
    .filter((structure) => isFollowed(own, stemOf(structure.path).toLowerCase()))
    .map((structure) => ({ structure, length: stemOf(structure.path).length }));
  const longest = Math.max(...named.map(({ length }) => length));
  const [first, ...others] = named.filter(({ length }) => length === longest);
  return others.length === 0 ? first?.structure : undefined;
}

const isFollowed = (name: string, stem: string): boolean =>
  name === stem || (name.startsWith(stem) && /^[-_. ]/.test(name.slice(stem.length)));

const quoted = (files: readonly Looked[]): string => files.map(({ path }) => `\`${basename(path)}\``).join(', ');

function questionAbout(file: Looked, fitting: readonly Looked[]): string {
  const name = quoted([file]);
  if (fitting.length === 0) {
    return `${name} has ${file.atoms} atoms per frame and does not say what they are: add the structure that belongs to it (${endings()}).`;
  }
  if (file.isStructure) {
    return `${name} has ${file.frames} conformations and says itself what its atoms are: do they belong to ${quoted(fitting)}, or stand on their own?`;
  }
  if (fitting.length === 1) {
    return `${name} and ${quoted(fitting)} have ${file.atoms} atoms each, but not the same name: do they belong together?`;
  }
  return `${name} has ${file.atoms} atoms per frame, and so have ${quoted(fitting)}: which of them does it belong to?`;
}

const endings = (): string => ['.pdb', '.cif', '.gro', '.psf'].map((name) => moleculeFormat(name).name).join(', ');

function misfit(file: Looked, structures: readonly Looked[]): string {
  const most = 3;
  const have = structures
    .slice(0, most)
    .map((structure) => `${quoted([structure])} has ${structure.atoms}`)
    .join(', ');
  const more = structures.length > most ? ` and ${structures.length - most} more have other numbers` : '';
  return `${quoted([file])} has ${file.atoms} atoms per frame, ${have}${more}: choose the structure that belongs to it.`;
}
