/**
 * What the reader's thread is asked: the requests of the contract that are about files and runs, with paths where a
 * window names ids. Not here: which ids stand for which paths, or any answer.
 */
import type { CheckedBody, Result } from '../contract.ts';

/** A file that a person has handed over, and where it lies. */
export interface NamedFile {
  readonly id: string;
  readonly path: string;
}

/** Files of one molecule, by their paths. */
export interface SourcePaths {
  readonly structure: string | null;
  readonly trajectories: readonly string[];
}

interface OfFiles {
  readonly files: readonly NamedFile[];
}
interface OfSource {
  readonly source: SourcePaths;
}
interface OfDraft {
  /** A specification that nobody has checked. */
  readonly draft: unknown;
}
interface OfRun {
  readonly folder: string;
}

export interface Questions {
  'files.inspect': OfFiles;
  'files.pair': OfFiles;
  'data.structure': OfSource;
  'data.frame': OfSource & Omit<CheckedBody<'data.frame'>, 'source'>;
  'data.select': OfSource & Omit<CheckedBody<'data.select'>, 'source'>;
  'data.beads': OfSource & Omit<CheckedBody<'data.beads'>, 'source'>;
  'data.surface': OfDraft;
  'draft.choose': OfDraft;
  'draft.estimate': OfDraft;
  'runs.results': OfRun & CheckedBody<'runs.results'>;
  'structures.find': OfRun & Omit<CheckedBody<'structures.find'>, 'run'>;
  'structures.frame': OfRun & Omit<CheckedBody<'structures.frame'>, 'run'>;
  'structures.open': OfRun & Omit<CheckedBody<'structures.open'>, 'run'>;
}

export type ReadingName = keyof Questions;
export type Answer<N extends ReadingName> = Result<N>;
