/** The projects that a person has opened last, by their folders, in a small file of the person's own. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../storage/atomic-write.ts';
import { PROJECT_FILE } from './project-file.ts';

const MOST = 12;

const schema = z.array(z.object({ path: z.string(), name: z.string() }));
export type RecentProject = z.infer<typeof schema>[number];

export class RecentProjects {
  readonly #file: string;

  constructor(home: string) {
    this.#file = join(home, 'recent.json');
  }

  /** Those that are still there, the latest first. */
  async list(): Promise<RecentProject[]> {
    const all = await this.#read();
    const isThere = await Promise.all(
      all.map(({ path }) =>
        stat(join(path, PROJECT_FILE)).then(
          () => true,
          () => false,
        ),
      ),
    );
    return all.filter((_, i) => isThere[i]);
  }

  async remember({ path, name }: RecentProject): Promise<void> {
    const others = (await this.#read()).filter((known) => known.path !== path);
    const all = [{ path, name: name || basename(path) }, ...others].slice(0, MOST);
    await writeAtomically(this.#file, `${JSON.stringify(all, null, 2)}\n`);
  }

  /** A list that cannot be read is a list of nothing. */
  async #read(): Promise<RecentProject[]> {
    try {
      return schema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return [];
    }
  }
}
