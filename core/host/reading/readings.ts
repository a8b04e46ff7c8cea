/** Who answers which question. */
import { ErgodicError } from '../../errors.ts';
import { dataSurface } from './data-surface.ts';
import { inspectFiles } from './inspect-files.ts';
import { pairFiles } from './pair-files.ts';
import type { Readings } from './reading.ts';
import { selectAtoms, sourceBeads } from './source-beads.ts';
import { sourceFrame, sourceStructure } from './source-structure.ts';

const later = async (): Promise<never> => {
  throw new ErgodicError('This is not read yet.');
};

export const readings: Readings = {
  'files.inspect': inspectFiles,
  'files.pair': pairFiles,
  'data.structure': sourceStructure,
  'data.frame': sourceFrame,
  'data.select': selectAtoms,
  'data.beads': sourceBeads,
  'data.surface': dataSurface,
  'draft.estimate': later,
  'runs.results': later,
  'structures.find': later,
  'structures.frame': later,
  'structures.open': later,
};
