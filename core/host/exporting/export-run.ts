/** Something of a run as files of its own, in a folder that is there. What there is stays: names are free ones. */
import { ErgodicError } from '../../errors.ts';
import type { Follower } from '../../runs/follower.ts';
import type { CheckedBody } from '../contract.ts';

export type CheckedExport = Extract<CheckedBody<'jobs.add'>, { kind: 'export' }>['export'];

export interface ExportedFrom {
  /** Of the run. */
  readonly folder: string;
}

/** Returns the paths of the files that were written. */
export async function exportRun(
  what: CheckedExport,
  _from: ExportedFrom,
  _into: string,
  _follower: Follower,
): Promise<string[]> {
  throw new ErgodicError(`A ${what.what} cannot be exported yet.`);
}
