/** Who answers which question. */
import { dataSurface } from './data-surface.ts';
import { estimateDraft } from './estimate-draft.ts';
import { findStructures } from './find-structures.ts';
import { inspectFiles } from './inspect-files.ts';
import { pairFiles } from './pair-files.ts';
import type { Readings } from './reading.ts';
import { runResults } from './run-results.ts';
import { openStructures, showStructure } from './show-structures.ts';
import { selectAtoms, sourceBeads } from './source-beads.ts';
import { sourceFrame, sourceStructure } from './source-structure.ts';

export const readings: Readings = {
  'files.inspect': inspectFiles,
  'files.pair': pairFiles,
  'data.structure': sourceStructure,
  'data.frame': sourceFrame,
  'data.select': selectAtoms,
  'data.beads': sourceBeads,
  'data.surface': dataSurface,
  'draft.estimate': estimateDraft,
  'runs.results': runResults,
  'structures.find': findStructures,
  'structures.frame': showStructure,
  'structures.open': openStructures,
};
