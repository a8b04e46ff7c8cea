/** Who answers which question. */
import { chooseForDraft } from './drafts/choose-for-draft.ts';
import { dataSurface } from './drafts/data-surface.ts';
import { estimateDraft } from './drafts/estimate-draft.ts';
import { inspectFiles } from './files/inspect-files.ts';
import { pairFiles } from './files/pair-files.ts';
import { selectAtoms, sourceBeads } from './files/source-beads.ts';
import { sourceFrame, sourceStructure } from './files/source-structure.ts';
import type { Readings } from './reading.ts';
import { findStructures } from './results/find-structures.ts';
import { runResults } from './results/run-results.ts';
import { openStructures, showStructure } from './results/show-structures.ts';

export const readings: Readings = {
  'files.inspect': inspectFiles,
  'files.pair': pairFiles,
  'data.structure': sourceStructure,
  'data.frame': sourceFrame,
  'data.select': selectAtoms,
  'data.beads': sourceBeads,
  'data.surface': dataSurface,
  'draft.choose': chooseForDraft,
  'draft.estimate': estimateDraft,
  'runs.results': runResults,
  'structures.find': findStructures,
  'structures.frame': showStructure,
  'structures.open': openStructures,
};
