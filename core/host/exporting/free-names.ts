/** Names of exported files: they say what is in them, hold nothing that a disk would not take, and are free. */
import { readdir } from 'node:fs/promises';
import { ErgodicError } from '../../errors.ts';
import { fileError } from '../../storage/file-errors.ts';

const LONGEST = 80;
const MOST_OF_ONE_NAME = 10_000;
/** Devices of Windows, whatever their ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** The name of a run as the beginning of file names. */
export function fileStem(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const short = Array.from(plain).slice(0, LONGEST).join('');
  return short === '' || RESERVED.test(short) ? 'run' : short;
}

/**
 * The first of "stem", "stem-2", "stem-3", … for which no file is there yet of those that `namesFor` makes of it:
 * what belongs together has the same number.
 */
export async function freeStem(
  folder: string,
  stem: string,
  namesFor: (stem: string) => readonly string[],
): Promise<string> {
  const found = await readdir(folder).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  // Some disks do not tell upper from lower case.
  const taken = new Set(found.map((name) => name.toLowerCase()));
  for (let number = 1; number <= MOST_OF_ONE_NAME; number++) {
    const candidate = number === 1 ? stem : `${stem}-${number}`;
    if (namesFor(candidate).every((name) => !taken.has(name.toLowerCase()))) return candidate;
  }
  throw new ErgodicError(`\`${folder}\` holds too many files called \`${stem}\`: export into another folder.`);
}
