/**
 * Finds words that the product does not use in what a person reads: comments, strings, markup, pages and the comments
 * of specifications. Why: the field has a word for each of these already; people who know the field search for that one,
 * and a second word for one thing makes a reader look for the difference.
 * Prints `file:line: word: instead`, and fails where there is one. Not a spelling checker, and it leaves identifiers
 * alone (prose.js says what it reads). An innocent sentence is better rewritten than excepted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { proseOf } from './prose.js';

/** A space in a pattern stands for any space, line breaks too. */
const words = [
  { pattern: /\b(?:the|a|this|validation|which|whichever) share\b|\bshares? of\b/, instead: 'fraction' },
  {
    pattern:
      /(?<!\b(?:in|tak(?:e|es|en|ing)|took) the )\bplaces? (?:of|in|after|among) (?:(?:the|an?|each|two|all|some|its|those|that|every|bonded|lowest|\0+) ?)*(?:atoms?|beads?|bins?|elements?|frames?|points?|rows?|values?|topology|list|chain|file|line|molecule|table|output|trajector(?:y|ies))\b|\bplaces? (?:of|in) \0|\bby (?:its|their) places?\b/,
    instead: 'index, position',
  },
  { pattern: /\bcards?\b/, instead: 'GPU (of the window: panel)' },
  { pattern: /\bprocessors?\b/, instead: 'CPU' },
  { pattern: /\bturned copies\b/, instead: 'random rotations' },
  {
    pattern:
      /\b(?:left|right|wrong|same|opposite|(?<!on the )other) hand\b|\bhands? of (?:a|the|each|every) molecules?\b/,
    instead: 'chirality',
  },
  { pattern: /\bmirrors?\b(?! images?\b)/, instead: 'mirror image' },
  { pattern: /\bsurroundings\b/, instead: 'neighbour features' },
  { pattern: /\bmanieth\b/, instead: 'every n-th' },
  { pattern: /\bnot (?:trained on|learned from)\b/, instead: 'held-out' },
  { pattern: /\bfinite world\b|\b(?:leaves?|left|leaving) the world\b/, instead: 'diverged' },
  {
    pattern: /\b(?:is|are|was|were|becomes?) (?:not a|no) conformations?\b|\bno conformations? any ?more\b/,
    instead: 'non-finite coordinates',
  },
  {
    pattern: /\bstretch(?:es)? (?:of|is|are|was|begins?|ends?)\b|\b(?:a|this|each|whole|fixed) stretch(?:es)?\b/,
    instead: 'chunk',
  },
  {
    pattern:
      /\b(?:last|first|next|this|whose|between|its|keeping) marks?\b(?! of a (?:stream|stage))|\bbetween two marks\b|\ba mark (?:is|counts)\b/,
    instead: 'checkpoint',
  },
  { pattern: /\bpictured\b|\bpictures (?:a|an|the|it|them)\b|\bto picture\b/, instead: 'render, draw' },
  { pattern: /\bwhoever\b/, instead: 'say who' },
  { pattern: /\bwhatever (?:is|was|are|were)\b/, instead: 'say what' },
  { pattern: /\bregularis(?:er|ation) joins\b/, instead: 'regularisation starts' },
  { pattern: /\bin lengths of\b|\bthe usual gradient\b/, instead: 'relative to the running RMS norm' },
  { pattern: /\bheld still\b/, instead: 'aligned (to the reference)' },
  {
    pattern: /\blaid (?:on|over|upon)\b|\b(?:lie|lies|lay|lays) on (?:the first|one another|each other)\b/,
    instead: 'superposed on',
  },
  { pattern: /\blay (?:other|more) runs\b/, instead: 'overlay runs' },
  { pattern: /(?<=\0)each other(?=\0)/, instead: 'samples vs simulation' },
  { pattern: /\b(?:ns|ps|µs) a day\b|\ba day \d|(?<=\0)a day(?=\0)/, instead: 'ns/day' },
  { pattern: /\bother work is going on\b/, instead: 'another job is running' },
  { pattern: /\b(?:shall be|what is|what was) learned from\b/, instead: 'training data' },
  { pattern: /\bkept for the next\b/, instead: 'saved for the next' },
  { pattern: /\b(?:have|has) not the same\b/, instead: 'use different' },
  { pattern: /\bthe language of\b/, instead: 'syntax (NGL selection syntax)' },
  { pattern: /\beven to the eye\b/, instead: 'perceptually uniform' },
  { pattern: /\bpmf errors?\b/, instead: 'free-energy error' },
  {
    pattern:
      /(?<=\0)scores(?=\0)|\bscores? (?:below|above|beside|within|under|beyond)\b|\b(?:table|rows?) of scores\b|\bscores of (?:samples|runs?|a run|the run)\b|\b(?:has|have|its|their|no|new) scores\b|\bthe scores are\b|\bnothing to score\b/,
    instead: 'metric (score is the gradient of ln p)',
  },
  {
    pattern:
      /\bparameters? of (?:a|the) (?:specification|run)\b|\b(?:table|page|reference|group) of (?:all )?(?:the )?parameters\b|\b(?:between|files and|one) parameters?\b|\bparameters? (?:that is wrong|with its value|of an expert)\b|\bpath of (?:a|the) parameter\b/,
    instead: 'setting (parameters are the weights of a network)',
  },
  { pattern: /\bframe (?:of|around) the window\b|\bwindow's frame\b/, instead: 'shell' },
  { pattern: /\bare others by now\b/, instead: 'has changed' },
].map(({ pattern, instead }) => ({
  pattern: new RegExp(pattern.source.replaceAll(/ (?![?*+])/g, '\\s+'), 'gi'),
  instead,
}));

/** Where a word is meant otherwise: the path, and text around it on its line. */
const exceptions = [
  // They are about these words.
  { path: 'build/check-words.js', phrase: '' },
  { path: 'build/check-words.test.ts', phrase: '' },
];

const isExcepted = (path, line) => exceptions.some((each) => each.path === path && line.includes(each.phrase));

/** One sentence for each word in one file that has a better one. `path` is relative to the project, with slashes. */
export function wordsIn(path, source) {
  const prose = proseOf(path, source);
  const found = words.flatMap(({ pattern, instead }) =>
    [...prose.matchAll(pattern)].map((match) => ({ at: match.index, word: match[0], instead })),
  );
  return found
    .sort((a, b) => a.at - b.at)
    .flatMap(({ at, word, instead }) => {
      const number = source.slice(0, at).split('\n').length;
      if (isExcepted(path, source.split('\n')[number - 1])) return [];
      const shown = word.replaceAll('\0', ' ').replace(/\s+/g, ' ').trim();
      return `${path}:${number}: "${shown}": ${instead}`;
    });
}

const folders = ['core', 'electron', 'renderer', 'e2e', 'build', 'docs', 'resources'];
const skipped = /^(?:node_modules|dist|fixtures|alanine-dipeptide|test-results)$/;

function filesUnder(root, folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return folder === '' || skipped.test(entry.name) ? [] : filesUnder(root, path);
    return /\.(?:ts|js|svelte|html|md|yaml)$/.test(entry.name) && !/\.generated\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** All words with better ones in a project folder. */
export function checkProject(root) {
  const paths = [...filesUnder(root, ''), ...folders.flatMap((folder) => filesUnder(root, folder))];
  return paths.flatMap((path) => wordsIn(path, readFileSync(join(root, path), 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = checkProject(join(fileURLToPath(import.meta.url), '../..'));
  for (const sentence of found) console.error(sentence);
  process.exitCode = found.length > 0 ? 1 : 0;
}
