/** What guidance by forces does to a generator, in sentences: what it is, what it needs, and when it is unwise. */
import { carriers } from '../data/weight-choices.ts';

const about: Readonly<Record<string, string>> = {
  none: 'The generator learns the distribution of the data, with their weights where they have some.',
  fi: 'Forces are added to the directions. Only where all guided bandwidths are far below the width of the basins: otherwise it makes things worse.',
  fk: 'Forces tilt the weights of the frames in the kernel: what is made stays a mean of frames. It undoes a part of a bias.',
};

export const aboutGuidance = (kind: string): string => about[kind] ?? '';

/** Weights of data are the better choice for the same purpose. */
export const BETTER = 'For biased data, weights (under Data) do more than guidance.';

/** Why forces cannot be used. `hold`: whether the frames have them; undefined while that is not known. */
export const lackingForces = (hold: boolean | undefined, what: string): string | undefined =>
  hold === false ? `The frames have no forces, which ${what} needs: ${carriers.forces} carry them.` : undefined;

/** Settings of guidance of a kind. */
export function guidanceKeys(kind: string): string[] {
  if (kind === 'fi') return ['omega', 'guidedBandwidths'];
  return kind === 'fk' ? ['gamma', 'tilt', 'guidedBandwidths'] : [];
}
