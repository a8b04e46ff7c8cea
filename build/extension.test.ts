/**
 * What it costs to add a network, a loss term, a method, a format, a command: each is added to a copy of the sources, as
 * a developer would, counted there, type-checked, and used through the command line.
 */
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { xyzWriter } from '../core/formats/xyz.ts';
import {
  chainFrames,
  chainTopology,
  fileOf,
  framesIn,
  writeMolecule,
} from '../core/runs/small-molecule.test-support.ts';
import { temporaryFolder, tensorsIn } from '../core/runs/small-run.test-support.ts';
import { type Extension, extensions } from './extension/cases.ts';
import { ExtendedCopy } from './extension/extended-copy.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const number = expect.any(Number);
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');
const logOf = (run: string) => linesOf(join(run, 'log.jsonl')).map((line) => JSON.parse(line));

function written(name: string, specification: object): string {
  const path = parent.in(name);
  writeFileSync(path, JSON.stringify(specification));
  return path;
}

/** A sentence, and the exit code that goes with it. */
function refusal({ status, stdout, stderr }: ReturnType<ExtendedCopy['ergodic']>): [number | null, string] {
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at |bug in Ergodic/m);
  return [status, linesOfText(stderr).at(-1)!];
}
const linesOfText = (text: string) => text.trimEnd().split('\n');

const small = { engine: 'wasm', threads: 1, checkpoint: { everySteps: 50 } };
const training = { steps: 100, batch: 16, learningRate: [3e-3, 1e-4] };
const toy = {
  ...small,
  system: { kind: 'mueller-brown', samples: 500 },
  sample: { count: 100, steps: 20 },
  simulate: { replicas: 5, steps: 200, stride: 10 },
  evaluate: { residualPoints: 4 },
};

test.each<[string, number, Extension]>([
  ['a network', 2, extensions.network],
  ['a loss term', 3, extensions.lossTerm],
  ['a method', 3, extensions.method],
  ['a format', 3, extensions.format],
  ['a command', 3, extensions.command],
])('%s touches %i files of the product', (what, files, extension) => {
  expect(extension.what).toBe(what);
  using copy = new ExtendedCopy(extension);
  const changed = copy.changedFiles();
  expect(changed).toHaveLength(files);
  expect(changed).toEqual(expect.arrayContaining(Object.keys(extension.files)));
});

test('a copy counts as changed what differs, and its checks find what is wrong', { tags: ['full'] }, () => {
  using copy = new ExtendedCopy();
  expect(copy.changedFiles()).toEqual([]);
  expect(copy.typeErrors()).toBe('');
  writeFileSync(copy.in('core/units.ts'), "import './host/host.ts';\nexport const NONE: string = 0;\n");
  expect(copy.changedFiles()).toEqual(['core/units.ts']);
  expect(copy.layerFaults()).toContain('core/units.ts imports core/host/host.ts');
  expect(copy.typeErrors()).toContain('core/units.ts');
});

test.each(Object.values(extensions).map((extension) => [extension.what, extension] as const))(
  'with %s, the types and the layers of the product hold',
  { tags: ['full'] },
  (_, extension) => {
    using copy = new ExtendedCopy(extension);
    expect(copy.typeErrors()).toBe('');
    expect(copy.layerFaults()).toBe('');
  },
);

test('a one-step method trains, samples, is compared, and says what it cannot do', () => {
  using copy = new ExtendedCopy(extensions.method);
  const own = { ...toy, method: 'one-step', generator: { width: 8, ...training }, sample: { count: 100 } };
  const spec = written('one-step.json', own);
  const run = parent.in('one-step');
  const { metrics, seconds } = copy.ergodicJson('run', spec, '--out', run);
  expect(metrics).toMatchObject({ iid: { pmf: number }, sim: null, consistency: null });
  expect(Object.keys(seconds)).toEqual(['train', 'sample']);
  expect(existsSync(join(run, 'samples.npy'))).toBe(true);
  expect(existsSync(join(run, 'simulation.npy'))).toBe(false);
  expect(json(join(run, 'run.json'))).toMatchObject({
    finished: true,
    specification: { method: 'one-step', generator: { width: 8, steps: 100 } },
  });
  expect(logOf(run).at(-1)).toEqual(
    expect.objectContaining({ network: 0, step: 100, terms: { energyDistance: number } }),
  );
  expect(refusal(copy.ergodic('simulate', run))).toEqual([
    1,
    'The method One-step generator has no force: its models can be sampled but not simulated.',
  ]);
});

test('what else a method is asked for: its settings, its place in lists, the same bits after a kill', {
  tags: ['full'],
}, async () => {
  using copy = new ExtendedCopy(extensions.method);
  const own = { ...toy, method: 'one-step', sample: { count: 100 } };
  const generator = { width: 8, ...training, steps: 20_000 };
  const spec = written('long.json', { ...own, generator });
  const [whole, killed] = [parent.in('whole'), parent.in('killed')];
  const running = copy.start('run', spec, '--out', killed);
  const exit = once(running, 'close');
  while (!existsSync(join(killed, 'checkpoint.prev.safetensors'))) {
    expect(running.exitCode).toBe(null);
    await sleep(5);
  }
  running.kill('SIGKILL');
  await exit;
  expect(existsSync(join(killed, 'model.safetensors'))).toBe(false);
  const resumed = copy.ergodicJson('resume', killed);
  const undisturbed = copy.ergodicJson('run', spec, '--out', whole);
  expect(resumed.metrics).toEqual(undisturbed.metrics);
  expect(tensorsIn(join(killed, 'model.safetensors'))).toEqual(tensorsIn(join(whole, 'model.safetensors')));
  expect(readFileSync(join(killed, 'samples.npy')).equals(readFileSync(join(whole, 'samples.npy')))).toBe(true);
  // It learns: far closer than its noise.
  expect(undisturbed.metrics.iid.js).toBeLessThan(
    0.9 *
      copy.ergodicJson(
        'run',
        written('untrained.json', { ...own, generator: { ...generator, steps: 1 } }),
        '--out',
        parent.in('untrained'),
      ).metrics.iid.js,
  );

  expect(refusal(copy.ergodic('residual', whole))[1]).toBe(
    'This model has no energy, and without one there is no Fokker–Planck residual.',
  );
  expect(refusal(copy.ergodic('sample', whole, '--solver', 'dpm', '--out', parent.in('other.npy')))).toEqual([
    2,
    'A model of the method One-step generator has no `--solver` to sample with.',
  ]);
  expect(copy.ergodicJson('sample', whole)).toMatchObject({ samples: 100 });
  expect(copy.ergodicJson('sample', whole, '-n', '7', '--out', parent.in('seven.npy'))).toMatchObject({ samples: 7 });
  expect(refusal(copy.ergodic('run', written('wrong.json', { ...own, generator: { widht: 8 } })))[1]).toMatch(
    /`generator\.widht` is not a setting; did you mean `width`\?$/,
  );
  expect(refusal(copy.ergodic('run', written('wrong.json', { ...own, experts: [] })))[1]).toContain(
    '`experts` is not a setting',
  );
  expect(copy.ergodicJson('info').methods).toContainEqual({ name: 'one-step', title: 'One-step generator' });
  const page = copy.script(
    "import { settingReference } from './core/specification/setting-reference.ts';\nprocess.stdout.write(settingReference());",
  );
  expect(page).toContain('| `generator.width` | Width of the two hidden layers of the generator. | 64 |');
  expect(page).toContain('| one of diffusion, one-step, auto, drifting |');
});

test('a network trains, samples and simulates; lists, page and derivative check know it', { tags: ['full'] }, () => {
  using copy = new ExtendedCopy(extensions.network);
  const network = { kind: 'radial', centres: 8 };
  const experts = [
    { range: [0, 0.3], network, alpha: 1e-4, ...training },
    { range: [0.3, 1], network, conservative: false, ...training },
  ];
  const run = parent.in('radial');
  const { metrics, seconds } = copy.ergodicJson('run', written('radial.json', { ...toy, experts }), '--out', run);
  expect(metrics).toMatchObject({ iid: { js: number }, sim: { js: number }, consistency: { js: number } });
  expect(Object.keys(seconds)).toEqual(['train', 'sample', 'simulate']);
  expect(Object.keys(tensorsIn(join(run, 'model.safetensors')))).toContain('expert0.centres.w');
  expect(copy.ergodicJson('residual', run, '--points', '3').meanAbsR).toHaveLength(3);

  const wrong = [{ ...training, network: { kind: 'radial', centers: 8 } }];
  expect(refusal(copy.ergodic('run', written('wrong.json', { ...toy, experts: wrong })))[1]).toMatch(
    /`experts\[0\]\.network\.centers` is not a setting; did you mean `centres`\?$/,
  );
  const chain = writeMolecule(parent.in('plain'), chainTopology(['ALA', 'GLY', 'SER']), chainFrames(3, 10, 1));
  const molecule = { ...small, system: { kind: 'molecule', sources: [chain] }, experts: [{ ...training, network }] };
  expect(refusal(copy.ergodic('train', written('wrong.json', molecule)))[1]).toMatch(
    /`experts\[0\]\.network\.kind` is radial, but molecules take graph-transformer, invariant, modes, local or local-shape\.$/,
  );
  expect(copy.ergodicJson('info').networks).toContainEqual({
    kind: 'radial',
    title: 'Radial basis functions',
    serves: ['toy'],
  });
  const found = copy.script(`
    import { gradcheck } from './core/engines/gradcheck.ts';
    import { referenceEngine } from './core/engines/reference/reference.ts';
    import { networkSubjects } from './core/models/gradcheck-subjects.ts';
    import { settingReference } from './core/specification/setting-reference.ts';
    const subjects = networkSubjects.filter(({ what }) => what === 'Radial basis functions energy');
    const { cases } = await gradcheck(referenceEngine(), referenceEngine(), { subjects, widths: [3, 4] });
    const own = cases.filter(({ what }) => what.startsWith('Radial'));
    console.log(JSON.stringify({ own, page: settingReference() }));`);
  const { own, page } = JSON.parse(found);
  expect(own.length).toBeGreaterThan(0);
  for (const { what, relativeError } of own) expect(relativeError, what).toBeLessThan(1e-6);
  expect(page).toContain('| `experts[].network<radial>.centres` | Number of Gaussians. | 64 |');
});

test('a loss term is trained on, logged, stored and validated by its name, and names what it lacks', {
  tags: ['full'],
}, async () => {
  using copy = new ExtendedCopy(extensions.lossTerm);
  const experts = [{ network: { kind: 'mlp', widths: [8] }, forceWeight: 0.01, ...training, steps: 4000 }];
  const spec = written('forces.json', { ...toy, experts });
  const terms = { denoising: number, forceScores: number };
  const [whole, killed] = [parent.in('forces'), parent.in('forces-killed')];
  const report = copy.ergodicJson('train', spec, '--out', whole);
  expect(report.networks).toEqual([expect.objectContaining({ steps: 4000, terms })]);
  expect(
    logOf(whole)
      .filter(({ kind }) => kind === 'training')
      .map((line) => line.terms),
  ).toContainEqual(terms);

  const running = copy.start('train', spec, '--out', killed);
  const exit = once(running, 'close');
  while (!existsSync(join(killed, 'checkpoint.prev.safetensors'))) {
    expect(running.exitCode).toBe(null);
    await sleep(5);
  }
  running.kill('SIGKILL');
  await exit;
  expect(copy.ergodicJson('train', spec, '--out', killed, '--resume').networks).toEqual(report.networks);
  const weights = tensorsIn(join(whole, 'model.safetensors'));
  expect(tensorsIn(join(killed, 'model.safetensors'))).toEqual(weights);
  // The forces of a toy are known wherever its samples come from; without the term, the weights are others.
  const without = [{ ...experts[0], forceWeight: 0 }];
  const other = parent.in('without');
  expect(
    copy.ergodicJson('train', written('without.json', { ...toy, experts: without }), '--out', other).networks,
  ).toEqual([expect.objectContaining({ terms: { denoising: number } })]);
  expect(tensorsIn(join(other, 'model.safetensors'))).not.toEqual(weights);

  const topology = chainTopology(['ALA', 'GLY', 'SER']);
  const positions = chainFrames(3, 40, 1);
  const source = writeMolecule(parent.in('chain'), topology, positions);
  const frames = framesIn(positions, 3).map((frame) => ({ ...frame, forces: frame.positions.map((x) => -10 * x) }));
  const pulled = parent.in('pulled.xyz');
  writeFileSync(pulled, fileOf(xyzWriter(topology), frames));
  const transformer = { kind: 'graph-transformer', hidden: 8, layers: 1, heads: 2, headWidth: 4 };
  const molecule = (trajectory: string) => ({
    ...small,
    system: { kind: 'molecule', sources: [{ ...source, trajectories: [trajectory] }], validation: 0.2 },
    experts: [{ ...training, network: transformer, forceWeight: 0.01 }],
  });
  const run = parent.in('pulled');
  copy.ergodicJson('train', written('pulled.json', molecule(pulled)), '--out', run);
  expect(
    logOf(run)
      .filter(({ kind }) => kind === 'validation')
      .map((line) => line.terms),
  ).toEqual([terms, terms]);
  const [code, sentence] = refusal(copy.ergodic('train', written('plain.json', molecule(source.trajectories[0]!))));
  expect(code).toBe(1);
  expect(sentence).toMatch(/has no forces, but this model trains on them: .*\.$/);
  expect(sentence).toContain(basename(source.trajectories[0]!));
});

test('a format is written, inspected, read, trained on', { tags: ['full'] }, () => {
  using copy = new ExtendedCopy(extensions.format);
  const { structure, trajectories } = writeMolecule(
    parent.in('textual'),
    chainTopology(['ALA', 'GLY', 'SER']),
    chainFrames(3, 30, 1),
  );
  const text = parent.in('textual.frames');
  copy.ergodicJson('convert', ...trajectories, text, '--topology', structure);
  expect(linesOf(text)).toHaveLength(30);
  expect(copy.ergodicJson('inspect', text)).toMatchObject({
    format: 'Frames of text',
    atoms: 3,
    frames: 30,
    problems: [],
  });
  const offered = copy.script(`
    import { moleculeFormats } from './core/formats/molecule-formats.ts';
    import { openDialogs } from './electron/questions.ts';
    const known = moleculeFormats.flatMap(({ extensions }) => extensions);
    console.log(JSON.stringify({ known, offered: openDialogs.files.filters[0].extensions }));`);
  expect(JSON.parse(offered).offered.toSorted()).toEqual(JSON.parse(offered).known.toSorted());
  const back = parent.in('back.xtc');
  copy.ergodicJson('convert', text, back, '--topology', structure, '--precision', '100000');
  expect(copy.ergodicJson('inspect', back)).toMatchObject({ format: 'XTC', atoms: 3, frames: 30 });
  const transformer = { kind: 'graph-transformer', hidden: 8, layers: 1, heads: 2, headWidth: 4 };
  const system = { kind: 'molecule', sources: [{ structure, trajectories: [text] }] };
  const spec = written('textual.json', {
    ...small,
    system,
    experts: [{ ...training, network: transformer, steps: 3 }],
  });
  expect(copy.ergodicJson('train', spec, '--out', parent.in('textual'))).toMatchObject({ networks: [{ steps: 3 }] });
  writeFileSync(text, '1 2\n');
  expect(refusal(copy.ergodic('inspect', text))).toEqual([
    1,
    `\`${text}\` has no frame: line 1 is not x y z of atoms.`,
  ]);
});

test('a command has its help, its options and its result', { tags: ['full'] }, () => {
  using copy = new ExtendedCopy(extensions.command);
  const run = parent.in('for-command');
  const experts = [{ network: { kind: 'mlp', widths: [8] }, ...training }];
  copy.ergodicJson('train', written('command.json', { ...toy, experts }), '--out', run);
  expect(copy.ergodic('--help').stdout).toMatch(/^ +loss .*print the last loss of each network of a run$/m);
  expect(copy.ergodic('loss', '--help').stdout).toContain('--digits N');
  expect(copy.ergodic('loss', run).stdout).toMatch(/^network 1, step 100, denoising [\d.]+\n$/);
  expect(copy.ergodicJson('loss', run).networks).toEqual([
    expect.objectContaining({ network: 0, step: 100, terms: { denoising: number } }),
  ]);
  expect(refusal(copy.ergodic('loss', run, '--digits', '17'))[0]).toBe(2);
});
