/**
 * One writer per folder: the file `.lock` names the process that holds it, by number, start time and machine.
 * A lock whose process is gone is stale and is taken over; one held from another machine cannot be checked and is
 * respected. Not a lock against readers.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, unlinkSync } from 'node:fs';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ErgodicError } from '../errors.ts';
import { writeTemporary } from './atomic-write.ts';
import { errorCode, fileError } from './file-errors.ts';

const WAIT_MS = 20;
const ROUNDS = 100;
/** Clearing takes milliseconds: a guard this old was left by a process that was killed. */
const ABANDONED_GUARD_MS = 1000;

interface Holder {
  readonly pid: number;
  /** When the process began, in whatever form this system tells it: a number used again has another one. */
  readonly began: string;
  readonly machine: string;
}

export interface FolderLock {
  release(): void;
}

export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, '.lock');
  const own = ownMark();
  for (let round = 0; round < ROUNDS; round++) {
    if (await take(path, own)) return { release: () => releaseOwn(path, own) };
    await clearStale(path, folder);
  }
  throw inUse(folder, 'another process');
}

/** Removes what a thread of this very process has held and, as it broke down, not released. */
export const releaseForLostThread = (folder: string): void => releaseOwn(join(folder, '.lock'), ownMark());

const ownMark = (): string =>
  JSON.stringify({ pid: process.pid, began: beginOf(process.pid), machine: hostname() } satisfies Holder);

/** False when there is a lock already. */
async function take(path: string, own: string): Promise<boolean> {
  const temporary = await writeTemporary(path, own);
  try {
    // A link appears with its content, where a new file is empty for a moment; some disks have no links.
    await link(temporary, path).catch((error: unknown) => {
      if (errorCode(error) === 'EEXIST') throw error;
      return writeFile(path, own, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw fileError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a lock whose holder is gone; throws when the holder lives. */
async function clearStale(path: string, folder: string): Promise<void> {
  const holder = await holderIn(path);
  if (holder === 'none') return;
  if (holder !== 'gone') {
    const elsewhere =
      holder.machine === hostname() ? '' : ` on ${holder.machine} (if that one is gone, delete \`${path}\`)`;
    throw inUse(folder, `process ${holder.pid}${elsewhere}`);
  }
  await guarded(`${path}.takeover`, async () => {
    // Read again: before we had the guard, another process may have cleared the lock and taken its own.
    if ((await holderIn(path)) === 'gone') await rm(path, { force: true });
  });
}

/** Removing stale locks is done by one process at a time; a process that finds the guard taken waits and looks again. */
async function guarded(guard: string, clear: () => Promise<void>): Promise<void> {
  try {
    await writeFile(guard, '', { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw fileError(error, guard);
    const age = await stat(guard).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_GUARD_MS) await rm(guard, { force: true });
    await setTimeout(WAIT_MS);
    return;
  }
  try {
    await clear();
  } finally {
    await rm(guard, { force: true });
  }
}

async function holderIn(path: string): Promise<Holder | 'none' | 'gone'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none';
    throw fileError(error, path);
  }
  const holder = parseHolder(text);
  return holder && isAlive(holder) ? holder : 'gone';
}

const inUse = (folder: string, who: string) =>
  new ErgodicError(`\`${folder}\` is in use by ${who}: wait until it ends, stop it, or choose another folder.`);

function releaseOwn(path: string, own: string): void {
  try {
    if (readFileSync(path, 'utf8') === own) unlinkSync(path);
  } catch {
    // The folder is gone, and the lock with it.
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, began, machine } = JSON.parse(text);
    if (Number.isSafeInteger(pid) && pid > 0 && typeof began === 'string' && typeof machine === 'string') {
      return { pid, began, machine };
    }
  } catch {
    // Not a lock this program wrote whole, so nobody holds it.
  }
  return undefined;
}

function isAlive({ pid, began, machine }: Holder): boolean {
  if (machine !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
  }
  return beginOf(pid) === began;
}

/** Empty where the system does not tell, and then any living process of that number counts as the holder. */
function beginOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
      return fields[0] === 'Z' ? 'ended' : `${boot} ${fields[19]}`;
    }
    if (process.platform === 'darwin')
      return execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' });
  } catch {
    return '';
  }
  return '';
}
