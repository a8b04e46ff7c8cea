import { expect, test } from 'vitest';
import { methods } from '../../methods/methods.ts';
import { networks } from '../../models/networks.ts';
import { run } from './info.ts';

test('info lists every method and every network of the tables', async () => {
  const { json, text } = await run();
  expect(json).toMatchObject({
    methods: Object.entries(methods).map(([name, { title }]) => ({ name, title })),
    networks: Object.entries(networks).map(([kind, { title, serves }]) => ({ kind, title, serves })),
  });
  const lines = text.split('\n');
  expect(lines.slice(lines.indexOf('Methods:'))).toEqual([
    'Methods:',
    '  diffusion  Diffusion',
    '  auto       Automatic',
    '  drifting   Drifting',
    'Networks:',
    '  mlp                Multilayer perceptron, for toy systems',
    '  graph-transformer  Graph transformer, for molecules',
    '  invariant          Invariant energy, for molecules',
    '  modes              Mode energy, for molecules',
    '  local              Local energy, for molecules',
    '  local-shape        Local shape energy, for molecules',
  ]);
});
