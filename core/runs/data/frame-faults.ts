/** Errors about a frame of the training data. Frames are counted from 0 in code, from 1 in sentences. */
import { ErgodicError } from '../../errors.ts';

export const notFinite = (path: string, frame: number, what = 'a position'): ErgodicError =>
  new ErgodicError(`\`${path}\`: ${what} in frame ${frame + 1} is not finite: remove that frame.`);

/** For files in which other frames have them: TRR writes positions and forces at separate intervals. */
export const frameWithout = (path: string, frame: number, what: string): ErgodicError =>
  new ErgodicError(
    `\`${path}\`: frame ${frame + 1} has no ${what} but other frames do: choose a \`system.stride\` at which every ` +
      'frame has them, or a method that does not need them.',
  );
