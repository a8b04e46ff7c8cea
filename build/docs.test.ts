/**
 * The documentation holds together: every relative link and picture exists, a link to a heading finds it, every picture
 * is used, every example is a valid command or specification, and the README stays short. That generated pages are
 * current is tested beside their generators.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { declarations } from '../core/cli/options.ts';
import { parseArguments } from '../core/cli/parse.ts';
import { parseSpecification } from '../core/specification/specification.ts';
import { projectRoot } from './processes.js';

const at = (path: string) => join(projectRoot, path);
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(at('docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  ...readdirSync(at('resources')).flatMap((name) => {
    const page = `resources/${name}/README.md`;
    return existsSync(at(page)) ? [page] : [];
  }),
];

/** Markdown without code, in which brackets mean something else. */
const prose = (path: string): string =>
  readFileSync(path, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ' '));

/** Where links and pictures of a page lead. */
const targetsOf = (page: string): string[] =>
  [...prose(at(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^https?:/.test(target));

/** Anchors of the headings, as GitHub makes them. */
const anchorsOf = (path: string): string[] =>
  [
    ...readFileSync(path, 'utf8')
      .replace(/^```[\s\S]*?^```/gm, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(pages)('links of %s lead somewhere', (page) => {
  const broken = targetsOf(page).filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? at(page) : resolve(dirname(at(page)), decodeURI(path));
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(file).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('every page and picture of docs can be reached', () => {
  const linked = new Set(
    pages.flatMap((page) =>
      targetsOf(page).map((target) => relative(projectRoot, resolve(dirname(at(page)), target.split('#')[0]!))),
    ),
  );
  const all = readdirSync(at('docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((path) => !linked.has(path))).toEqual([]);
});

test('the README has fewer than 150 lines, and ARCHITECTURE.md fits on a page', () => {
  const lines = (page: string) => readFileSync(at(page), 'utf8').split('\n').length;
  expect(lines('README.md')).toBeLessThan(150);
  expect(lines('ARCHITECTURE.md')).toBeLessThanOrEqual(140);
});

/** Fenced blocks of a page, by language. */
const blocksOf = (page: string): { language: string; text: string }[] =>
  [...readFileSync(at(page), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map((match) => ({
    language: match[1]!,
    text: match[2]!,
  }));

test('every `ergodic …` in the examples is a command that exists, with its options; every file it names is there', () => {
  const lines = pages.flatMap((page) =>
    blocksOf(page).flatMap(({ text }) => text.split('\n').filter((line) => line.startsWith('npx ergodic '))),
  );
  expect(lines.length).toBeGreaterThan(15);
  for (const line of lines) {
    // What follows two spaces explains the command.
    const words = line
      .split(/ {2,}/)[0]!
      .match(/"[^"]*"|\S+/g)!
      .slice(2);
    const [name = '', ...rest] = words.map((word) => word.replaceAll('"', ''));
    expect(Object.keys(declarations), line).toContain(name);
    expect(() => parseArguments(name, declarations[name as keyof typeof declarations], rest), line).not.toThrow();
    for (const word of rest) if (word.startsWith('resources/')) expect(existsSync(at(word)), line).toBe(true);
  }
});

test('every specification in the examples is valid', () => {
  const examples = pages.flatMap((page) => blocksOf(page).filter(({ language }) => language === 'yaml'));
  expect(examples.length).toBeGreaterThan(0);
  for (const { text } of examples) expect(() => parseSpecification(text, 'example.yaml'), text).not.toThrow();
});

/** "method §5" and "(method §5, §7)" in a source. */
const citations = (source: string): string[] =>
  [...source.matchAll(/\b[Mm]ethod (§\d+(?:, §\d+)*)/g)].flatMap((match) => match[1]!.split(', '));

test('every "method §N" in the sources cites a section that docs/method.md has', () => {
  const sections = [...readFileSync(at('docs/method.md'), 'utf8').matchAll(/^## (\d+)\. /gm)].map(
    (match) => `§${match[1]}`,
  );
  const cited = ['core', 'renderer'].flatMap((area) =>
    readdirSync(at(area), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
      .flatMap((entry) => citations(readFileSync(join(entry.parentPath, entry.name), 'utf8'))),
  );
  expect(sections).toEqual(['§1', '§2', '§3', '§4', '§5', '§6', '§7', '§8', '§9', '§10', '§11']);
  expect(cited.length).toBeGreaterThan(40);
  expect(cited.filter((section) => !sections.includes(section))).toEqual([]);
});
