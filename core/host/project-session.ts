/**
 * All that lives as long as a project is open: the project's settings, its runs, its jobs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import type { RunSummary } from './contract.ts';
import type { Grants } from './grants.ts';
import type { OpenProject } from './project.ts';
import { openProject } from './projects.ts';
import { summariesIn } from './run-summaries.ts';

interface Owner {
  readonly grants: Grants;
  trouble(error: unknown): void;
}

export class ProjectSession implements AsyncDisposable {
  readonly project: OpenProject;

  private constructor(project: OpenProject) {
    this.project = project;
  }

  static async open(path: string, { grants, trouble }: Owner): Promise<ProjectSession> {
    return new ProjectSession(await openProject(path, grants, trouble));
  }

  runs(): Promise<RunSummary[]> {
    return summariesIn(this.project.runsFolder);
  }

  /** Throws a sentence where there is none of that name. */
  runFolder(run: string): string {
    const folder = join(this.project.runsFolder, run);
    if (existsSync(folder)) return folder;
    throw new ErgodicError(`This project has no run \`${run}\`: it may have been removed or renamed.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.project[Symbol.asyncDispose]();
  }
}
