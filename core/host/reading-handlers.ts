/**
 * The requests that are answered by reading files: ids become paths here, and the reader's threads do the rest.
 * Not here: any reading (reading/).
 */
import type { Draft, Source } from './contract.ts';
import type { HandlerContext, Handlers } from './handlers.ts';
import type { Reader } from './reader.ts';
import type { NamedFile, ReadingName, SourcePaths } from './reading/queries.ts';

export type { ReadingName } from './reading/queries.ts';

export function readingHandlers(reader: Reader): Handlers<ReadingName> {
  return {
    'files.inspect': async ({ files }, context) =>
      reader.ask('files.inspect', { files: named(files, context) }, context.signal),
    'files.pair': async ({ files }, context) =>
      reader.ask('files.pair', { files: named(files, context) }, context.signal),
    'data.structure': async ({ source }, context) =>
      reader.ask('data.structure', { source: paths(source, context) }, context.signal),
    'data.frame': async ({ source, ...rest }, context) =>
      reader.ask('data.frame', { source: paths(source, context), ...rest }, context.signal),
    'data.select': async ({ source, ...rest }, context) =>
      reader.ask('data.select', { source: paths(source, context), ...rest }, context.signal),
    'data.beads': async ({ source, ...rest }, context) =>
      reader.ask('data.beads', { source: paths(source, context), ...rest }, context.signal),
    'data.surface': async ({ draft }, context) =>
      reader.ask('data.surface', { draft: withPaths(draft, context) }, context.signal),
    'draft.choose': async ({ draft }, context) =>
      reader.ask('draft.choose', { draft: withPaths(draft, context) }, context.signal),
    'draft.estimate': async ({ draft }, context) =>
      reader.ask('draft.estimate', { draft: withPaths(draft, context) }, context.signal),
    'runs.results': async ({ run }, context) =>
      reader.ask('runs.results', { run, folder: context.runFolder(run) }, context.signal),
    'structures.find': async ({ run, ...rest }, context) =>
      reader.ask('structures.find', { folder: context.runFolder(run), ...rest }, context.signal),
    'structures.frame': async ({ run, ...rest }, context) =>
      reader.ask('structures.frame', { folder: context.runFolder(run), ...rest }, context.signal),
    'structures.open': async ({ run, ...rest }, context) =>
      reader.ask('structures.open', { folder: context.runFolder(run), ...rest }, context.signal),
  };
}

const named = (files: readonly string[], { pathOf }: HandlerContext): NamedFile[] =>
  [...new Set(files)].map((id) => ({ id, path: pathOf(id) }));

const paths = ({ structure, trajectories }: Source, { pathOf }: HandlerContext): SourcePaths => ({
  structure: structure && pathOf(structure),
  trajectories: trajectories.map((id) => pathOf(id)),
});

const withPaths = (draft: Draft, context: HandlerContext): unknown => context.withPaths(draft);
