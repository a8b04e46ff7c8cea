/** What is in each of some files, for a list: what cannot be read says why in its place, and spoils nothing else. */
import { basename, dirname } from 'node:path';
import { ErgodicError } from '../../../errors.ts';
import { FileSource } from '../../../storage/file-source.ts';
import { inspect, isPlain } from '../../../storage/inspect.ts';
import type { CellShape } from '../../../systems/periodic/cell.ts';
import type { Inspection } from '../../contract.ts';
import type { Answer, NamedFile, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { withShortNames } from './short-names.ts';

export async function inspectFiles(
  { files }: Questions['files.inspect'],
  { follower }: Reading,
): Promise<Answer<'files.inspect'>> {
  const inspections: Answer<'files.inspect'>['inspections'] = [];
  for (const file of files) {
    follower.signal.throwIfAborted();
    try {
      inspections.push(await inspection(file, follower));
    } catch (error) {
      if (!(error instanceof ErgodicError)) throw error;
      inspections.push({ file: await entryOf(file), problem: withShortNames(error.message) });
    }
  }
  return { inspections };
}

async function inspection(file: NamedFile, follower: Reading['follower']): Promise<Inspection> {
  const {
    shape,
    bytes: _,
    chains,
    holds,
    unitCell,
    problems,
    ...found
  } = await inspect(file.path, follower.task('looking at files'));
  return {
    ...found,
    file: await entryOf(file),
    firstTime: finite(found.firstTime),
    timeStep: finite(found.timeStep),
    isStructure: found.residues !== null,
    chains: chains && [...chains],
    unitCell:
      unitCell && isFiniteCell(unitCell) ? { lengths: [...unitCell.lengths], angles: [...unitCell.angles] } : null,
    ...(shape && isPlain(shape) ? { numbers: shape[0]! } : {}),
    holds: shape ? [`an array of ${shape.join(' × ')}`] : [...holds],
    problems: problems.map(withShortNames),
  };
}

/** A damaged file may say anything. */
const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
const isFiniteCell = ({ lengths, angles }: CellShape): boolean => [...lengths, ...angles].every(Number.isFinite);

/** Of a file that may be gone by now. */
async function entryOf({ id, path }: NamedFile) {
  let bytes = 0;
  try {
    await using source = await FileSource.open(path);
    bytes = source.size;
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
  }
  return { id, name: basename(path), folder: dirname(path), bytes };
}
