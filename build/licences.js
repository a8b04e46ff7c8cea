/** The licences of the packages whose code went into a bundle, as one text: their licences ask for that. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages that these sources come from, by their folders. */
function packageFolders(sources) {
  const folders = sources.flatMap((source) => source.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** `sources` are relative to `root`. */
export function licencesOf(sources, root) {
  const texts = packageFolders(sources).map((folder) => {
    const path = join(root, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find((each) => /^(licen[cs]e|copying)/i.test(each));
    if (!file) throw new Error(`${name} has no file with its licence (${license}): it cannot go along.`);
    return `## ${name} ${version} (${license})\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`;
  });
  return `# Licences of packages that are part of Ergodic\n\n${texts.join('\n')}`;
}
