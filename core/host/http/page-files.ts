/**
 * The files of the window, as they were built: what a shell hands out, and nothing else. The list is made by looking
 * into the folder; an address is looked up in it and never becomes a path.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { ErgodicError } from '../../errors.ts';

export interface PageFile {
  readonly path: string;
  readonly type: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

export class PageFiles {
  readonly folder: string;
  #files: ReadonlyMap<string, PageFile> = new Map();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(folder: string): Promise<PageFiles> {
    const files = new PageFiles(folder);
    await files.#look();
    if (files.#files.has('/index.html')) return files;
    throw new ErgodicError(`The window is not in \`${folder}\`: build it with \`npm run build\`.`);
  }

  /** Of the path of an address: "/" is the page itself, which may have been built anew. */
  async find(address: string): Promise<PageFile | undefined> {
    if (address !== '/') return this.#files.get(address);
    await this.#look();
    return this.#files.get('/index.html');
  }

  async #look(): Promise<void> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true }).catch(() => []);
    this.#files = new Map(
      entries
        .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          const address = path.slice(this.folder.length).replaceAll(sep, '/');
          return [address, { path, type: TYPES[extname(entry.name)]!, isImmutable: address.startsWith('/assets/') }];
        }),
    );
  }
}

export const readPageFile = (file: PageFile): Promise<Buffer> => readFile(file.path);
