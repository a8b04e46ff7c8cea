import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { checkProject, circlesIn, importsOf, violationsIn } from './check-layers.js';

test('reads every form of import, and nothing from comments', () => {
  const source = `/* import '../no.ts'; */
import './side.ts';
import { a, type B,
  c } from "./named.ts"; // import x from './comment.ts'
import type { D } from './types.ts';
export * from './again.ts';
export type { E } from './typesAgain.ts';
const lazy = () => import('./lazy.ts');
const url = 'https://example.org'; import tail from './tail.ts';
`;
  const found = importsOf(source).map((each) => (each.typeOnly ? `type ${each.specifier}` : each.specifier));
  expect(found).toEqual([
    './side.ts',
    './named.ts',
    'type ./types.ts',
    './again.ts',
    'type ./typesAgain.ts',
    './lazy.ts',
    './tail.ts',
  ]);
});

test.each([
  ['core/models/mlp.ts', `import { x } from '../program/tensor.ts';`],
  ['core/models/mlp.ts', `import { x } from './layers.ts';`],
  ['core/program/tensor.ts', `import { ErgodicError } from '../errors.ts';`],
  ['core/runs/run-folder.ts', `import { open } from 'node:fs/promises';`],
  ['core/engines/wasm/threads.ts', `import { Worker } from 'node:worker_threads';`],
  ['core/cli/main.ts', `import { version } from '../../package.json' with { type: 'json' };`],
  ['renderer/app.ts', `import type { Molecule } from '../core/systems/molecule.ts';`],
  ['renderer/app.ts', `import { requests } from '../core/host/contract.ts';`],
  ['renderer/views/map.ts', `import { csv } from '../../core/analysis/figures/csv.ts';`],
  ['core/analysis/figures/svg.ts', `import { histogram } from '../free-energy/histogram.ts';`],
  ['core/analysis/figures/svg.ts', `import type { Model } from '../../models/mlp.ts';`],
  ['electron/main.ts', `import { host } from '../core/host/host.ts';`],
])('%s may hold: %s', (path, source) => {
  expect(violationsIn(path, source)).toEqual([]);
});

test.each([
  ['core/program/tensor.ts', `import { x } from '../models/mlp.ts';`, 'core/models/mlp.ts'],
  ['core/program/tensor.ts', `import type { X } from '../engines/engine.ts';`, 'core/engines/engine.ts'],
  ['core/units.ts', `export { x } from './program/tensor.ts';`, 'core/program/tensor.ts'],
  ['core/analysis/js.ts', `const run = await import('../runs/training/train.ts');`, 'core/runs/training/train.ts'],
  ['core/formats/npy.ts', `import { readFile } from 'node:fs/promises';`, 'node:fs/promises'],
  ['core/formats/npy.ts', `import fs from 'fs';`, 'fs'],
  ['core/engines/wasm/threads.ts', `import fs from 'node:fs';`, 'node:fs'],
  ['core/other/thing.ts', `import { x } from '../units.ts';`, 'lies in no layer'],
  ['core/cli/main.ts', `import { x } from '../unheard-of/thing.ts';`, 'core/unheard-of/thing.ts'],
  ['core/cli/main.ts', `import { x } from '../../build/setup.js';`, 'build/setup.js'],
  ['renderer/app.ts', `import { x } from '../core/systems/molecule.ts';`, 'core/systems/molecule.ts'],
  ['renderer/app.ts', `import { x } from '../core/analysis/free-energy/histogram.ts';`, 'free-energy/histogram.ts'],
  ['core/analysis/figures/svg.ts', `import { model } from '../../models/mlp.ts';`, 'windows have this folder'],
  ['electron/main.ts', `import type { X } from '../core/cli/main.ts';`, 'core/cli/main.ts'],
])('%s may not hold: %s', (path, source, named) => {
  const violations = violationsIn(path, source);
  expect(violations).toHaveLength(1);
  expect(violations[0]).toContain(path);
  expect(violations[0]).toContain(named);
});

test('a project is searched whole, its tests apart', () => {
  const root = mkdtempSync(join(tmpdir(), 'ergodic-layers-'));
  const files = {
    'core/units.ts': '',
    'core/program/deep/er/file.ts': `import { x } from '../../../cli/main.ts';`,
    'core/program/file.test.ts': `import { x } from '../cli/main.ts';`,
  };
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    expect(checkProject(root)).toEqual([
      'core/program/deep/er/file.ts imports core/cli/main.ts, ' +
        'but core/program may import only layers below it, and cli is not one.',
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

const circle = (...paths: string[]) => `These files import each other in a circle: ${paths.join(', ')}.`;

test.each<[string, Record<string, string>, string[]]>([
  [
    'two files',
    { 'core/a.ts': `import { b } from './b.ts';`, 'core/b.ts': `import { a } from './a.ts';` },
    [circle('core/a.ts', 'core/b.ts')],
  ],
  [
    'three files, one of which takes a type only',
    {
      'core/a.ts': `import { b } from './b.ts';`,
      'core/b.ts': `export { c } from './deep/c.ts';`,
      'core/deep/c.ts': `import type { A } from '../a.ts';`,
    },
    [circle('core/a.ts', 'core/b.ts', 'core/deep/c.ts')],
  ],
  [
    'two circles that know each other one way only',
    {
      'core/a.ts': `import { b } from './b.ts'; import { c } from './c.ts';`,
      'core/b.ts': `import { a } from './a.ts';`,
      'core/c.ts': `import { d } from './d.ts';`,
      'core/d.ts': `const c = () => import('./c.ts');`,
    },
    [circle('core/c.ts', 'core/d.ts'), circle('core/a.ts', 'core/b.ts')],
  ],
  [
    'a diamond',
    {
      'core/a.ts': `import { b } from './b.ts'; import { c } from './c.ts';`,
      'core/b.ts': `import { d } from './d.ts';`,
      'core/c.ts': `import { d } from './d.ts'; import { b } from './b.ts';`,
      'core/d.ts': `import { join } from 'node:path'; import x from './not-there.ts';`,
    },
    [],
  ],
])('circles of files: %s', (_, files, circles) => {
  expect(circlesIn(new Map(Object.entries(files)))).toEqual(circles);
});
