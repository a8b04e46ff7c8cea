/** The files that a person opens with Ergodic: words of its command line that are none of Chromium's own and exist. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** `words` begin with the program, in development followed by the folder of the product. */
export const filesIn = (words: readonly string[], folder: string, isPackaged: boolean): string[] =>
  words
    .filter((word) => !word.startsWith('-'))
    .slice(isPackaged ? 1 : 2)
    .map((word) => resolve(folder, word))
    .filter((path) => existsSync(path));
