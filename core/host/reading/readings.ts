/** Who answers which question. */
import { ErgodicError } from '../../errors.ts';
import { inspectFiles } from './inspect-files.ts';
import { pairFiles } from './pair-files.ts';
import type { Readings } from './reading.ts';

const later = async (): Promise<never> => {
  throw new ErgodicError('This is not read yet.');
};

export const readings: Readings = {
  'files.inspect': inspectFiles,
  'files.pair': pairFiles,
  'data.structure': later,
  'data.frame': later,
  'data.select': later,
  'data.beads': later,
  'data.surface': later,
  'draft.estimate': later,
  'runs.results': later,
  'structures.find': later,
  'structures.frame': later,
  'structures.open': later,
};
