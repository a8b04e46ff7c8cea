/** What a run begins with: its first record, and the name of its folder. Not here: its data, or what is done in it. */
import type { Specification } from '../specification/settings.ts';
import type { RunRecord } from './run-folder.ts';

/** `version`: of the product. */
export const newRecord = (specification: Specification, command: string, version: string): RunRecord => ({
  format: 'ergodic-run-1',
  specification,
  command,
  finished: false,
  created: new Date().toISOString(),
  versions: { ergodic: version, node: process.versions.node },
  seconds: {},
});

/** Of a name, so many characters are in the name of the folder. */
const LONGEST = 100;

/** `<time>-<name>`. */
export function runFolderName({ name }: Pick<Specification, 'name'>): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `${time}-${name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, LONGEST)}`;
}
