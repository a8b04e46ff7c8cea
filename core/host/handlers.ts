/** What answers a request: a function of the checked body, and of what the host lets it see. Not here: any answer. */
import type { CheckedBody, Draft, FileEntry, RequestName, Result } from './contract.ts';

export interface HandlerContext {
  /** Of a file that a person has handed over; throws a sentence for any other id. */
  pathOf(file: string): string;
  /** The entry of a file that the host itself names: one of the project, or one that it has written. */
  entryOf(path: string): Promise<FileEntry>;
  /** Of the open project; throws a sentence where there is none. */
  projectFolder(): string;
  /** Of a run of the open project; throws a sentence where there is none of that name. */
  runFolder(run: string): string;
  /** The draft as a run specification not yet checked: ids of files replaced by their paths. */
  withPaths(draft: Draft): unknown;
  /** Aborted when the window that asked is gone, or the host closes. */
  readonly signal: AbortSignal;
}

export type Handlers<N extends RequestName> = {
  readonly [K in N]: (body: CheckedBody<K>, context: HandlerContext) => Promise<Result<K>>;
};
