import { expect, test } from 'vitest';
import { wordsIn } from './check-words.js';
import { proseOf } from './prose.js';

test.each([
  ['a.ts', '/** The share of frames. */\n', ':1: "The share": fraction'],
  ['a.ts', 'let x = 1;\n// on the graphics card\n', ':2: "card": GPU'],
  ['a.ts', "const help = 'What computes: the processor.';", ':1: "processor": CPU'],
  ['a.ts', 'throw new Error(`It ran on the $' + '{name} card.`);', ':1: "card": GPU'],
  ['a.ts', '/**\n * Frames not\n * trained on.\n */', ':2: "not trained on": held-out'],
  ['a.ts', "say('frames not ' +\n  'trained on');", ':1: "not trained on": held-out'],
  ['a.ts', 'say(/[/\'"]/.test(x) ? `$' + "{f('the finite world')} gone` : '');", ':1: "finite world": diverged'],
  ['A.svelte', '<p>\n  Draw every so manieth\n</p>', ':2: "manieth": every n-th'],
  ['A.svelte', '<Panel title="Scores" />', ':1: "Scores": metric'],
  ['A.svelte', "<p>{still ? 'Held still' : ''}</p>", ':1: "Held still": aligned'],
  ['A.svelte', '<script lang="ts">\n// Laid on the first.\n</script>', ':2: "Laid on": superposed on'],
  ['a.md', 'It runs on\na card.', ':2: "card": GPU'],
  ['a.yaml', 'a: 1\n# The place of an atom.\n', ':2: "place of an atom": index'],
  ['a.ts', '/** Found by its place; the rules between\n * settings. */', ':1: "by its place": index'],
  ['a.ts', '/** The rules between parameters. */', ':1: "between parameters": setting'],
  ['a.ts', "say('It has no scores yet.');", ':1: "no scores": metric'],
  ['a.ts', '// A replica that left the world.', ':1: "left the world": diverged'],
  ['a.ts', '// Seconds between two marks.', ':1: "between two marks": checkpoint'],
])('%s: a word that has a better one is found in %j', (path, source, sentence) => {
  const found = wordsIn(path, source);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(path + sentence);
});

test.each([
  ['a.ts', 'const share = card.processor; // Threads share memory, and sort in place.\n'],
  ['a.ts', "import Card from './Card.svelte';\nconst kind = 'card' as const;\n"],
  ['a.ts', '/** Takes the place of the frame; `card` is its name. Stops at the next safe place. */'],
  ['a.ts', "// A mirror image, on the other hand, is handed over.\nconst one = /the card's/.test('x');"],
  ['a.ts', '// The parameters of a network, one for each weight; experts that are scores; stretched by 1 %.'],
  ['a.ts', '// The score of a Gaussian; frames of a trajectory; a picture of the map.'],
  ['A.svelte', '<Card title="Metrics" kind="card"><b class="card share">Panel</b></Card>'],
  ['a.md', 'A `card` and\n```\nthe processor\n```\n'],
  ['a.yaml', 'share: the processor\n'],
])('%s: identifiers and other meanings stay: %j', (path, source) => {
  expect(wordsIn(path, source)).toEqual([]);
});

test('prose is as long as its file, and has its words where the file has them', () => {
  const source = "const a = f('one two', b /* three */); // four\nconst c = `five $" + "{g('six seven')} eight`;\n";
  const prose = proseOf('a.ts', source);
  expect(prose).toHaveLength(source.length);
  for (const word of ['one two', 'three', 'four', 'five ', 'six seven', ' eight']) {
    expect(prose.indexOf(word)).toBe(source.indexOf(word));
  }
  expect(prose).not.toMatch(/const|[fgbc]\(/);
});
