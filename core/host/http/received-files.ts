/**
 * Files that a browser sends because a person dropped them: written to disk as they come, into a folder of the host's
 * home, one for each drop (`received/<drop>/`), so that files that belong together keep their names. Nothing that is
 * there is ever replaced, a file is there whole or not at all, and the disk is not filled to its end.
 * Not here: what is in the files.
 */
import { rm, statfs, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { writePieces } from '../../storage/atomic-write.ts';
import { errorCode, fileError } from '../../storage/file-errors.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import { Refusal } from './reply.ts';

/** What stays free for the rest of the machine. */
const RESERVE_BYTES = 256 * 1024 * 1024;
const MAX_NAME = 120;
const MAX_SAME_NAMES = 1000;

export interface Incoming {
  /** As the sender calls it. */
  readonly name: string;
  /** Which files belong together. */
  readonly drop: string;
  /** As announced; undefined where the sender does not know. */
  readonly bytes: number | undefined;
  readonly content: Readable;
}

export class ReceivedFiles {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, 'received');
  }

  /** The path of the new file. */
  async receive({ name, drop, bytes, content }: Incoming): Promise<string> {
    if (!/^[0-9a-z-]{1,40}$/.test(drop)) throw new Refusal(400, 'A drop is named by small letters, digits and dashes.');
    const folder = join(this.#folder, drop);
    await makeFolder(folder);
    const free = await freeBytes(folder);
    if (bytes !== undefined && bytes > free) throw tooLarge(name);
    const path = await reserve(folder, safeName(name));
    try {
      await writePieces(path, async (file) => {
        let written = 0;
        for await (const piece of content as AsyncIterable<Buffer>) {
          written += piece.length;
          if (written > free) throw tooLarge(name);
          await file.writeFile(piece);
        }
        if (bytes !== undefined && written !== bytes)
          throw new Refusal(400, `\`${name}\` did not arrive whole: send it again.`);
      });
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return path;
  }
}

const tooLarge = (name: string) =>
  new Refusal(507, `\`${name}\` does not fit on the disk of the host: free some space there and send it again.`);

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize - RESERVE_BYTES;
}

/**
 * A file name and nothing else, wherever it came from: no folders, no characters that some system has other uses for,
 * not hidden, not a device of Windows, not longer than disks allow.
 */
export function safeName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1)!;
  const plain = last
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are taken out.
    .replace(/[\u0000-\u001f\u007f-\u009f<>:"|?*\p{Cf}]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const usual = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `_${plain}` : plain;
  const ending = extname(usual).slice(0, 20);
  return usual === '' ? 'file' : `${cut(usual.slice(0, usual.length - extname(usual).length))}${ending}`;
}

/** Disks count bytes, and no letter is cut in two. */
function cut(stem: string): string {
  let letters = [...stem];
  while (Buffer.byteLength(letters.join('')) > MAX_NAME) letters = letters.slice(0, -1);
  return letters.join('');
}

/** A name that nobody has, taken by an empty file until the whole one is there. */
async function reserve(folder: string, name: string): Promise<string> {
  const ending = extname(name);
  for (let copy = 1; copy <= MAX_SAME_NAMES; copy++) {
    const own = copy === 1 ? name : `${name.slice(0, name.length - ending.length)} (${copy})${ending}`;
    try {
      await writeFile(join(folder, own), '', { flag: 'wx' });
      return join(folder, own);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw fileError(error, folder);
    }
  }
  throw new Refusal(409, `There are ${MAX_SAME_NAMES} files named \`${name}\` in this drop: give them other names.`);
}
