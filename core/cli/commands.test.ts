/** The commands on runs, end to end: what `--json` holds, what lies in the folder, what is left alone. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { decodeSamples } from '../formats/samples.ts';
import { smallRun, temporaryFolder, tensorsIn } from '../runs/small-run.test-support.ts';
import { commands } from './commands.ts';
import { ergodic, ergodicJson } from './ergodic.test-support.ts';
import { flagOf } from './options.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const spec = parent.in('spec.json');
writeFileSync(spec, JSON.stringify(smallRun));
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const arrayIn = (path: string) => decodeSamples(path, readFileSync(path));

const number = expect.any(Number);
const scores = { pmf: number, js: number, jsPooled: number };
const rows = { iid: scores, sim: scores, consistency: scores, floor: scores, quality: expect.any(Object) };

const run = parent.in('trained');
const onWasm = expect.stringMatching(/^wasm: CPU/);
const report = ergodicJson('train', spec, '--out', run);

test('train', () => {
  expect(report).toEqual({
    run,
    engine: onWasm,
    networks: smallRun.experts.map(({ range, steps, ...expert }, i) => ({
      title: `Expert ${i + 1}`,
      facts: [`t ${range[0]} to ${range[1]}`, expect.any(String)],
      steps,
      terms: { denoising: number, ...('alpha' in expert ? { fokkerPlanck: number } : {}) },
      nonFinite: 0,
    })),
    seconds: number,
  });
  expect(readdirSync(run).toSorted()).toEqual([
    ...['checkpoint.prev.safetensors', 'checkpoint.safetensors', 'log.jsonl', 'model.safetensors', 'run.json'],
  ]);
  expect(json(join(run, 'run.json'))).toMatchObject({
    format: 'ergodic-run-1',
    command: 'train',
    finished: true,
    engine: onWasm,
    seconds: { train: report.seconds },
  });
  expect(ergodicJson('train', spec, '--out', run, '--resume')).toEqual(report);
  expect(ergodicJson('resume', run)).toEqual(report);
});

test('sample, simulate, evaluate: the parts of a run one by one', () => {
  expect(ergodicJson('sample', run)).toEqual({
    samples: 300,
    seconds: number,
    perSecond: number,
    engine: onWasm,
    file: join(run, 'samples.npy'),
  });
  expect(arrayIn(join(run, 'samples.npy')).shape).toEqual([300, 2]);

  // As far as it goes.
  const partial = ergodicJson('evaluate', run);
  expect(partial).toEqual({
    metrics: { ...rows, sim: null, consistency: null },
    samplesPerSecond: number,
    fpCurve: { t: Array(12).fill(number), meanAbsR: Array(12).fill(number), spread: Array(12).fill(number) },
  });

  expect(ergodicJson('simulate', run)).toEqual({
    replicas: 20,
    steps: 200,
    stopped: 0,
    nsPerDay: number,
    stepsPerSecond: number,
    seconds: number,
    engine: onWasm,
    file: join(run, 'simulation.npy'),
  });
  expect(arrayIn(join(run, 'simulation.npy')).shape).toEqual([20, 20, 2]);
  expect(Object.keys(json(join(run, 'run.json')).seconds)).toEqual(['train', 'sample', 'simulate']);

  const whole = ergodicJson('evaluate', run);
  expect(whole.metrics).toEqual(rows);
  expect(whole.metrics.iid).toEqual(partial.metrics.iid);
  const { effectiveSampleSize, fpCurve } = whole;
  expect(json(join(run, 'metrics.json'))).toEqual({ ...whole.metrics, effectiveSampleSize, fpCurve });
  expect(effectiveSampleSize).toMatchObject({ frames: 400, variables: [{ label: 'x' }, { label: 'y' }] });
  expect(effectiveSampleSize.size).toBeGreaterThan(1);
  expect(effectiveSampleSize.size).toBeLessThanOrEqual(400);
  const figures = ['free-energy', 'profiles', 'residual', 'training', 'trajectory'];
  expect(readdirSync(join(run, 'figures')).toSorted()).toEqual(
    figures.flatMap((name) => [`${name}.csv`, `${name}.svg`]),
  );

  // The pipeline in one go is the same.
  const piped = ergodicJson('run', spec, '--out', parent.in('piped'), '--threads', '1');
  expect(piped).toEqual({
    run: parent.in('piped'),
    engine: onWasm,
    effectiveSampleSize,
    metrics: whole.metrics,
    seconds: { train: number, sample: number, simulate: number },
    samplesPerSecond: 300 / piped.seconds.sample,
  });
});

test('sample and simulate into files of one’s own, with other settings', () => {
  const [samples, simulation] = [parent.in('own.csv'), parent.in('own.npy')];
  const before = readFileSync(join(run, 'run.json'), 'utf8');
  const drawn = ergodicJson(
    'sample',
    run,
    '-n',
    '7',
    '--solver',
    'dpm',
    '--steps',
    '5',
    '--seed',
    '9',
    '--out',
    samples,
  );
  expect(drawn).toMatchObject({ samples: 7, file: samples });
  expect(arrayIn(samples).shape).toEqual([7, 2]);
  const settings = ['--replicas', '3', '--steps', '45', '--stride', '10', '--dt', '0.001', '--start', 'samples'];
  const dynamics = ergodicJson('simulate', run, ...settings, '--integrator', 'langevin', '--out', simulation);
  expect(dynamics).toMatchObject({ replicas: 3, steps: 45, file: simulation });
  expect(arrayIn(simulation).shape).toEqual([4, 3, 2]);
  const seconds = (45 + smallRun.simulate.equilibration) / dynamics.stepsPerSecond;
  expect(dynamics.seconds).toBeCloseTo(seconds, 6);
  // 3 replicas of 0.001 ps a step, in ns/day.
  expect(dynamics.nsPerDay).toBeCloseTo(3 * dynamics.stepsPerSecond * 1e-6 * 86_400, 6);
  expect(readFileSync(join(run, 'run.json'), 'utf8')).toBe(before);
});

test('evaluate against other data', () => {
  const reference = parent.in('reference.csv');
  const line = (_: unknown, i: number) => `${Math.sin(i)},${0.5 * Math.cos(3 * i)}\n`;
  writeFileSync(reference, `x,y\n${Array.from({ length: 400 }, line).join('')}`);
  const folder = parent.in('evaluated');
  const own = ergodicJson('run', spec, '--out', folder);
  const other = ergodicJson('evaluate', folder, '--reference', reference);
  expect(other.metrics.iid).not.toEqual(own.metrics.iid);
  expect(other.metrics.consistency).toEqual(own.metrics.consistency);
});

test('residual', () => {
  const curve = ergodicJson('residual', run, '--points', '9');
  expect(curve).toEqual({ t: Array(9).fill(number), meanAbsR: Array(9).fill(number), spread: Array(9).fill(number) });
  // Where there is an energy: the third expert, above 0.6, has none.
  expect(curve.t).toEqual(curve.t.toSorted((a: number, b: number) => a - b));
  expect(curve.t.at(-1)).toBeGreaterThan(0.5);
  expect(curve.t.at(-1)).toBeLessThan(0.6);
});

test('solvers compares what each of them reaches for so many network calls, with a floor, in numbers and a picture', () => {
  const found = ergodicJson('solvers', run, '--count', '400', '--calls', '48,6,1');
  // Three experts need three steps: one call is too few for any solver, six are just enough for two calls a step.
  expect(found.points.map(({ solver, steps, calls }: Record<string, unknown>) => [solver, steps, calls])).toEqual(
    ['sde-dpm', 'em', 'heun', 'dpm'].flatMap((solver) =>
      [6, 48].map((calls) => [solver, solver === 'heun' ? calls / 2 : calls, calls]),
    ),
  );
  for (const point of found.points) expect(point).toMatchObject({ pmf: number, js: number, lost: 0 });
  // As many frames on both sides: the ratio is that of the two numbers.
  for (const { pmf, ratio } of found.points) expect(ratio).toBeCloseTo(pmf / found.floor.pmf, 9);
  // Half of its 500 true frames, which leave as many to compare with.
  expect(found.floor.frames).toBe(250);
  // A model of a second's training is far from the reference, by any solver.
  for (const { js } of found.points) expect(js).toBeGreaterThan(found.floor.js);
  expect(new Set(found.points.map(({ pmf }: { pmf: number }) => pmf)).size).toBe(8);
  expect(found.floor.js).toBeGreaterThan(0);
  expect(json(join(run, 'solvers.json'))).toEqual(found);
  const picture = readFileSync(join(run, 'figures', 'solvers.svg'), 'utf8');
  for (const word of ['network calls per sample', 'Jensen–Shannon', 'sde-dpm', 'noise floor'])
    expect(picture).toContain(word);
  expect(ergodic('solvers', run, '--calls', '5,x').stderr).toContain('`--calls` is 5,x; it must be whole numbers');
});

test('fine-tune trains a generator on with forces in its field, and asks which', () => {
  const [file, plain, tuned] = ['generator.yaml', 'plain', 'guided'].map((name) => parent.in(name)) as [
    string,
    string,
    string,
  ];
  const generator = { steps: 6, generated: 16, batch: 32, hidden: 8, layers: 1 };
  writeFileSync(
    file,
    JSON.stringify({ method: 'drifting', system: { kind: 'double-well-2d', samples: 200 }, generator, threads: 1 }),
  );
  ergodicJson('train', file, '--out', plain);
  expect(ergodic('fine-tune', plain).stderr).toContain('`--guidance fk` or `--guidance fi` is missing');
  ergodicJson('fine-tune', plain, '--guidance', 'fk', '--strength', '3', '--steps', '4', '--out', tuned);
  const record = json(join(tuned, 'run.json'));
  expect(record.specification.generator).toMatchObject({ guidance: 'fk', gamma: 3, steps: 4, langevin: 0 });
  const [before, after] = [plain, tuned].map((path) => tensorsIn(join(path, 'model.safetensors')));
  expect(Object.keys(after!)).toEqual(Object.keys(before!));
  expect(after).not.toEqual(before);
});

test('fine-tune changes the expert at t = 0 and no other, and says so in its record', () => {
  const tuned = parent.in('tuned');
  const { networks, seconds } = ergodicJson('fine-tune', run, '--alpha', '5e-3', '--steps', '80', '--out', tuned);
  expect(networks[0]).toEqual({
    title: 'Expert 1',
    facts: ['t 0 to 0.2', 'energy, α 0.005'],
    steps: 80,
    terms: { denoising: number, fokkerPlanck: number },
    nonFinite: 0,
  });
  expect(networks.slice(1)).toEqual(report.networks.slice(1));
  expect(seconds).toBeGreaterThan(0);
  const record = json(join(tuned, 'run.json'));
  expect(record).toMatchObject({ command: 'fine-tune', finished: true, startedFrom: run });
  expect(record.specification.experts.map(({ alpha }: { alpha: number }) => alpha)).toEqual([5e-3, 0, 0]);
  const [before, after] = [run, tuned].map((path) => tensorsIn(join(path, 'model.safetensors')));
  expect(Object.keys(after!)).toEqual(Object.keys(before!));
  expect(record.specification.experts[0].gauge).toBe('fitted');
  for (const [name, bits] of Object.entries(before!)) {
    if (!name.startsWith('expert0.')) expect(after![name], name).toBe(bits);
    else if (name.endsWith('.w')) expect(after![name], name).not.toBe(bits);
  }
});

test('a fine-tuning that was killed before its first checkpoint starts from the model, not from nothing', () => {
  const begun = parent.in('begun');
  mkdirSync(begun);
  const record = json(join(parent.in('tuned'), 'run.json'));
  writeFileSync(join(begun, 'run.json'), JSON.stringify({ ...record, finished: false, seconds: {} }));
  ergodicJson('resume', begun);
  const [expected, found] = ['tuned', 'begun'].map((name) => tensorsIn(join(parent.in(name), 'model.safetensors')));
  expect(found).toEqual(expected);
});

test('one dimension, from the specification to figures, and samples as CSV', () => {
  const line = parent.in('line.json');
  const experts = [{ ...smallRun.experts[0], range: [0, 1], steps: 200 }];
  writeFileSync(line, JSON.stringify({ ...smallRun, experts, system: { kind: 'double-well-1d', samples: 800 } }));
  const folder = parent.in('line');
  const { metrics } = ergodicJson('run', line, '--out', folder);
  expect(metrics).toEqual(rows);
  expect(readdirSync(join(folder, 'figures')).filter((name) => name.endsWith('.svg'))).toEqual(
    ['profiles', 'residual', 'training', 'trajectory'].map((name) => `${name}.svg`),
  );
  expect(arrayIn(join(folder, 'simulation.npy')).shape).toEqual([20, 20, 1]);
  const samples = join(folder, 'samples.csv');
  ergodicJson('sample', folder, '--out', samples);
  expect(readFileSync(samples, 'utf8').split('\n').slice(0, 1)).toEqual(['x1']);
  expect(arrayIn(samples)).toEqual(arrayIn(join(folder, 'samples.npy')));
  expect(ergodicJson('evaluate', folder, '--reference', samples).metrics.iid).toEqual({ pmf: 0, js: 0, jsPooled: 0 });
});

test('in words, every result is on standard output and nothing else is', () => {
  const { status, stdout, stderr } = ergodic('residual', run, '--points', '3');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^t {8}mean \|R\| \/ D {2}spread of R \/ D\n(\d\.\d{5} {2}\S+ +\S+\n){3}$/);
  expect(stderr).toMatch(/^generating training data: .*\nmeasuring the residual: 3 times in .*\n$/);
});

test('every command has a help page with its options and their defaults', () => {
  for (const [name, { options }] of Object.entries(commands)) {
    const { status, stdout, stderr } = ergodic(name, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.startsWith(`ergodic ${name}`)).toBe(true);
    for (const key of Object.keys(options)) expect(stdout).toContain(flagOf(key));
  }
});
