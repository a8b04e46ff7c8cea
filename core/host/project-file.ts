/**
 * project.json: what a person has set in a project, how its window looked, and the files it speaks of. Paths inside the
 * project's folder are relative to it, so that the folder can be moved. A damaged one gives what can be made out of it,
 * and is set aside. Not here: runs and jobs, which have files of their own.
 */
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { ErgodicError } from '../errors.ts';
import { writeAtomically } from '../storage/atomic-write.ts';
import { errorCode, fileError } from '../storage/file-errors.ts';
import type { Draft, View } from './contract.ts';
import { setAside } from './damaged-file.ts';

export const PROJECT_FILE = 'project.json';
const FORMAT = 'ergodic-project-1';

export interface ProjectState {
  readonly name: string;
  /** A copy of a sample that comes with the product. */
  readonly isSample: boolean;
  readonly draft: Draft;
  readonly view: View;
  /** Whole paths by their ids. */
  readonly files: ReadonlyMap<string, string>;
}

const fields = {
  name: z.string().trim().min(1).max(120),
  isSample: z.boolean().optional(),
  draft: z.record(z.string(), z.json()),
  view: z.record(z.string(), z.json()),
  files: z.record(z.string().regex(/^f[0-9a-z]{1,24}$/), z.string().min(1)),
};

export function writeProject(folder: string, { name, isSample, draft, view, files }: ProjectState): Promise<void> {
  const named = [...files].map(([id, path]) => [id, storedPath(folder, path)]);
  const content = {
    format: FORMAT,
    name,
    ...(isSample ? { isSample } : {}),
    draft,
    view,
    files: Object.fromEntries(named),
  };
  return writeAtomically(join(folder, PROJECT_FILE), `${JSON.stringify(content, null, 2)}\n`);
}

/** Relative with slashes, on every system, where it lies inside the folder. */
export function storedPath(folder: string, path: string): string {
  const within = relative(folder, path);
  const isInside = within !== '' && within !== '..' && !within.startsWith(`..${sep}`) && !isAbsolute(within);
  return isInside ? within.split(sep).join('/') : path;
}

/** `notice`: what was wrong with it, where something was. */
export async function readProject(folder: string): Promise<{ state: ProjectState; notice?: string }> {
  const file = join(folder, PROJECT_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw fileError(error, file);
    throw new ErgodicError(
      `\`${folder}\` holds no project (there is no \`${PROJECT_FILE}\` in it): choose another folder.`,
    );
  }
  const value = parsed(text);
  if (typeof value?.format === 'string' && value.format !== FORMAT && value.format.startsWith('ergodic-project-')) {
    throw new ErgodicError(`\`${file}\` was written by a newer version of Ergodic: open it with that one.`);
  }
  const found = (key: keyof typeof fields) => fields[key].safeParse(value?.[key]);
  const [name, isSample, draft, view, files] = [
    found('name'),
    found('isSample'),
    found('draft'),
    found('view'),
    found('files'),
  ];
  const state: ProjectState = {
    name: (name.data as string | undefined) ?? basename(folder),
    isSample: isSample.data === true,
    draft: (draft.data as Draft | undefined) ?? {},
    view: (view.data as View | undefined) ?? {},
    files: new Map(
      Object.entries((files.data as Record<string, string> | undefined) ?? {}).map(([id, path]) => [
        id,
        resolve(folder, path),
      ]),
    ),
  };
  const isWhole = value?.format === FORMAT && [name, isSample, draft, view, files].every(({ success }) => success);
  if (isWhole) return { state };
  const notice =
    `\`${file}\` was damaged and is kept as \`${await setAside(file)}\`: what could be read of its settings is here, ` +
    'the rest has its defaults again, and all runs are intact.';
  return { state, notice };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
