/**
 * How projects come to be and are opened: a new folder, a copy of a sample, a folder that is there. What happens to a
 * project while it is open: project.ts.
 */
import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { errorCode, fileError } from '../storage/file-errors.ts';
import { makeFolder } from '../storage/make-folder.ts';
import type { SampleName } from './contract.ts';
import type { Grants } from './grants.ts';
import { OpenProject } from './project.ts';
import { PROJECT_FILE, writeProject } from './project-file.ts';
import { fillWithSample, sampleTitles } from './sample-project.ts';

const MOST_OF_ONE_NAME = 10_000;

export interface ProjectPlaces {
  /** Where new projects go unless a person says otherwise. */
  readonly projects: string;
  /** What ships with the product; a sample is a folder of it. */
  readonly resources: string;
}

/** A new project in a folder of its own. `parent`: where a person wants it. */
export async function createProject(places: ProjectPlaces, name: string, parent?: string): Promise<string> {
  const folder = await freeFolder(parent ?? places.projects, name);
  await writeProject(folder, { name, isSample: false, draft: {}, view: {}, files: new Map() });
  return folder;
}

export async function copySample(places: ProjectPlaces, sample: SampleName, grants: Grants): Promise<string> {
  const folder = await freeFolder(places.projects, sampleTitles[sample]);
  await fillWithSample(folder, { name: sampleTitles[sample], shipped: join(places.resources, sample) }, grants);
  return folder;
}

/** A project is opened by its folder, or by the file in it. */
export async function openProject(
  path: string,
  grants: Grants,
  trouble: (error: unknown) => void,
): Promise<OpenProject> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  if (found.isDirectory()) return OpenProject.open(path, grants, trouble);
  if (basename(path) === PROJECT_FILE) return OpenProject.open(dirname(path), grants, trouble);
  throw new ErgodicError(`\`${path}\` is a file: open the folder of a project.`);
}

/** Whether a path leads to an open project: by its folder, or by the file in it. */
export async function isFolderOf(path: string, { folder }: OpenProject): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  return real === folder || real === join(folder, PROJECT_FILE);
}

/** A new folder of this name, or of one with a number behind it. */
async function freeFolder(parent: string, name: string): Promise<string> {
  const plain = name.replace(/[^\p{L}\p{N} ._-]+/gu, '-').replace(/^[. ]+|[. ]+$/g, '') || 'project';
  await makeFolder(parent);
  for (let number = 1; number < MOST_OF_ONE_NAME; number++) {
    const folder = join(parent, number === 1 ? plain : `${plain} ${number}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw fileError(error, folder);
    }
  }
  throw new ErgodicError(`There are too many projects called \`${name}\` in \`${parent}\`: choose another name.`);
}
