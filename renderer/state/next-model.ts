/**
 * From a run that only samples to a model with dynamics: the draft of a diffusion model on the data of the run, or on
 * its samples. Both leave the choice of experts to the automatic method.
 */
import { getAt, isTree, type Tree } from '../parts/tree.ts';
import { automatic } from './draft-method.ts';

/** `source`: name and system of the run. What the draft says of sampling and simulation stays. */
export function onSameData(draft: Tree, source: Tree): Tree {
  return named(draft, source, source.system as Tree, 'diffusion');
}

export interface SampleFiles {
  /** Of the beads. */
  readonly structure: string;
  readonly trajectory: string;
}

/** Samples have the temperature that is wanted: nothing is left to weigh or to exchange. */
export function onSamples(draft: Tree, source: Tree, { structure, trajectory }: SampleFiles): Tree {
  const { temperature, plane } = isTree(source.system) ? source.system : {};
  const system = {
    kind: 'molecule',
    sources: [{ structure, trajectories: [trajectory], use: 'train' }],
    beads: 'all',
    ...(temperature === undefined ? {} : { temperature }),
    // Samples do not follow one another in time.
    ...(plane === undefined ? {} : { plane: getAt(plane, ['kind']) === 'tica' ? { kind: 'pca' } : plane }),
  };
  return named(draft, source, system, 'samples-diffusion');
}

function named(draft: Tree, { name }: Tree, system: Tree, ending: string): Tree {
  return automatic({ ...draft, name: `${String(name)}-${ending}`, system });
}
