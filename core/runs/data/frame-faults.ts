/** What is wrong with a frame that is to be learned from, as sentences. Frames are counted from 0 here, from 1 there. */
import { ErgodicError } from '../../errors.ts';

export const notFinite = (path: string, frame: number, what = 'a position'): ErgodicError =>
  new ErgodicError(`\`${path}\`: ${what} in frame ${frame + 1} is not a finite number: leave that frame out.`);

/** Of a file in which other frames have some: TRR writes positions and forces at intervals of their own. */
export const frameWithout = (path: string, frame: number, what: string): ErgodicError =>
  new ErgodicError(
    `\`${path}\`: frame ${frame + 1} holds no ${what}, though others do: choose a \`system.stride\` at which all have ` +
      'some, or a method without.',
  );
