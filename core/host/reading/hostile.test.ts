/** Whatever files hold and windows say: an answer, or a sentence. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { temporaryFolder } from '../../runs/small-run.test-support.ts';
import { uniformSource } from '../../systems/toys/gaussian.ts';
import { requests } from '../contract.ts';
import type { Questions, ReadingName } from './queries.ts';
import { Asker, named, sampleSource } from './reading.test-support.ts';
import { madeChain, madeToy } from './results/made-run.test-support.ts';

/** Undefined for an answer. */
async function refusal<N extends ReadingName>(
  asker: Asker,
  name: N,
  question: Questions[N],
): Promise<string | undefined> {
  try {
    await asker.ask(name, question);
    return undefined;
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
    return error.message;
  }
}

function dice(seed: number) {
  const word = uniformSource(seed);
  const below = (n: number) => Math.floor((word() / 2 ** 32) * n);
  const one = <T>(all: readonly T[]): T => all[below(all.length)]!;
  return { below, one };
}

/** A few bytes overwritten, or cut off. */
function damaged(bytes: Uint8Array, { below }: ReturnType<typeof dice>): Uint8Array {
  const copy = Uint8Array.from(bytes.subarray(0, below(3) === 0 ? below(bytes.length) : bytes.length));
  for (let i = below(6); i >= 0 && copy.length > 0; i--) copy[below(copy.length)] = below(256);
  return copy;
}

test('damaged structures and trajectories', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const { source } = await madeChain(folder.in('run'), folder.in('a'), 11, []);
  const random = dice(1);
  const whole = [source.structure, source.trajectories[0]!].map((path) => new Uint8Array(readFileSync(path)));
  let refused = 0;
  for (let i = 0; i < 150; i++) {
    const [structure, trajectory] = [folder.in(`${i}.pdb`), folder.in(`${i}.xtc`)];
    writeFileSync(structure, damaged(whole[0]!, random));
    writeFileSync(trajectory, damaged(whole[1]!, random));
    const files = { structure, trajectories: [trajectory] };
    expect(await refusal(asker, 'files.inspect', { files: named(structure, trajectory) })).toBeUndefined();
    expect(await refusal(asker, 'files.pair', { files: named(structure, trajectory) })).toBeUndefined();
    const said = await refusal(asker, 'data.structure', { source: files });
    await refusal(asker, 'data.frame', { source: files, frame: random.below(210) });
    await refusal(asker, 'data.beads', { source: files, beads: 'ca', groups: [] });
    const system = { kind: 'molecule', sources: [files], beads: 'ca' };
    await refusal(asker, 'data.surface', { draft: { system } });
    if (said !== undefined) refused++;
  }
  // Of both kinds enough, or nothing has been tried.
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(140);
});

test('damaged runs', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  await madeChain(folder.in('chain'), folder.in('a'), 11);
  await madeToy(folder.in('toy'), 'double-well-2d');
  writeFileSync(
    folder.in('toy/metrics.json'),
    JSON.stringify({ iid: null, fpCurve: { t: [0, 1], meanAbsR: [1, null] } }),
  );
  const random = dice(2);
  for (let i = 0; i < 120; i++) {
    const original = folder.in(random.one(['chain', 'toy']));
    const run = folder.in(`run-${i}`);
    mkdirSync(run);
    const names = readdirSync(original, { withFileTypes: true }).filter((entry) => entry.isFile());
    const victim = random.one(names).name;
    for (const { name } of names) {
      const bytes = new Uint8Array(readFileSync(join(original, name)));
      writeFileSync(join(run, name), name === victim ? damaged(bytes, random) : bytes);
    }
    await refusal(asker, 'runs.results', { run: 'r', folder: run });
    for (const set of ['reference', 'samples', 'simulation'] as const) {
      await refusal(asker, 'structures.open', { folder: run, set });
      await refusal(asker, 'structures.frame', { folder: run, set, frame: random.below(5), replica: random.below(4) });
      await refusal(asker, 'structures.find', { folder: run, set, place: { at: [0.4, 0.5], count: 5 } });
    }
  }
});

test('whatever a window may say of files, drafts and places', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  await madeChain(folder.in('chain'), folder.in('a'), 6);
  const run = folder.in('chain');
  const random = dice(3);
  const numbers = [0, 1, -1, 0.5, 3, 7, 1e3, 1e9, 1e300, -1e300, Number.MAX_SAFE_INTEGER, 2 ** 31, Math.PI];
  const texts = [
    '',
    'ca',
    '.CA',
    'not',
    '((((',
    '*',
    ':A and',
    '@0-5',
    '@99999',
    '\u0000',
    '🙂',
    'all',
    'x'.repeat(5000),
    '1-',
  ];
  const odd = (depth = 0): unknown => {
    if (depth > 3) return random.one(numbers);
    return random.one<() => unknown>([
      () => random.one(numbers),
      () => random.one(texts),
      () => null,
      () => true,
      () => Array.from({ length: random.below(4) }, () => odd(depth + 1)),
      () => ({
        kind: random.one(['molecule', 'mueller-brown', 'phi-psi', 'pca', 'tica', ...texts]),
        [random.one(texts)]: odd(depth + 1),
      }),
    ])();
  };
  const count = () => Math.min(Number.MAX_SAFE_INTEGER, Math.abs(Math.trunc(random.one(numbers))));
  const checked = <N extends ReadingName>(name: N, body: object) => requests[name].body.safeParse(body);
  let asked = 0;
  for (let i = 0; i < 600; i++) {
    const source = { structure: sampleSource.structure, trajectories: sampleSource.trajectories };
    const set = random.one(['reference', 'samples', 'simulation'] as const);
    const place = random.one([
      { at: [random.one(numbers), random.one(numbers)], count: 1 + random.below(200) },
      {
        outline: Array.from({ length: 3 + random.below(40) }, () => [random.one(numbers), random.one(numbers)]),
        count: 1 + random.below(200),
      },
    ]);
    const system = {
      kind: 'molecule',
      sources: [source],
      beads: random.one(texts),
      plane: random.one([
        { kind: 'auto' },
        { kind: 'tica', lag: count() },
        { kind: 'distances', first: [odd(), odd()] },
        odd(),
      ]),
      stride: random.one([1, 50, odd()]),
    };
    const draft = { system: random.one([system, odd()]), evaluate: random.one([undefined, { pmfBins: odd() }]) };
    const tries: [ReadingName, object, object][] = [
      ['data.frame', { source: { structure: 'f1', trajectories: [] }, frame: count() }, { source, frame: count() }],
      [
        'data.frame',
        { source: { structure: 'f1', trajectories: [] }, frame: 0, of: { beads: '', groups: [] } },
        { source, frame: count(), of: { beads: random.one(texts), groups: [random.one(texts)] } },
      ],
      [
        'data.select',
        { source: { structure: 'f1', trajectories: [] }, selection: '' },
        { source, selection: random.one(texts) },
      ],
      [
        'data.beads',
        { source: { structure: 'f1', trajectories: [] }, beads: '', groups: [] },
        { source, beads: random.one(texts), groups: Array.from({ length: random.below(3) }, () => random.one(texts)) },
      ],
      ['data.surface', { draft: {} }, { draft }],
      ['structures.frame', { run: 'r', set, frame: 0 }, { folder: run, set, frame: count(), replica: count() }],
      ['structures.find', { run: 'r', set, place }, { folder: run, set, place }],
    ];
    const [name, body, question] = random.one(tries);
    if (!checked(name, body).success) continue;
    asked++;
    await refusal(asker, name, question as never);
  }
  expect(asked).toBeGreaterThan(500);
}, 120_000);
