/** What goes wrong is one plain sentence with an exit code, in words and as JSON, and costs nothing that was there. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeNpy } from '../formats/npy.ts';
import { smallRun, temporaryFolder } from '../runs/small-run.test-support.ts';
import { lockFolder } from '../storage/folder-lock.ts';
import { ergodic, ergodicFailure, ergodicIn, ergodicJson, expectWhole } from './ergodic.test-support.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

let specs = 0;
/** A specification file in a folder of its own, with a data file beside it if there is one. */
function specification(changes: object = {}, data?: { name: string; content: Uint8Array | string }): string {
  const path = parent.in(`spec-${specs++}.json`);
  writeFileSync(path, JSON.stringify({ ...smallRun, ...changes }));
  if (data) writeFileSync(parent.in(data.name), data.content);
  return path;
}
const out = () => parent.in(`run-${specs++}`);
const npy = (shape: number[], ...values: number[]) => encodeNpy({ shape, data: Float32Array.from(values) });

const trained = parent.in('trained');
const { status } = ergodic('train', specification(), '--out', trained);
expect(status).toBe(0);

/** A copy of the trained run, to be maltreated. */
function copy(): string {
  const path = out();
  cpSync(trained, path, { recursive: true });
  return path;
}

function contents(path: string): Record<string, string> {
  return Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'latin1')]));
}

const spoil = (file: string) => {
  const bytes = readFileSync(file);
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(file, bytes);
};

test.each([
  [{ experts: [{ alpha: -1 }] }, '`experts[0].alpha` is -1; it must be a number from 0 to 10.'],
  [{ exprets: [] }, '`exprets` is not a setting; did you mean `experts`?'],
  [{ sample: { solver: 'rk4' } }, '`sample.solver` is "rk4"; it must be one of sde-dpm, em, heun, dpm.'],
])('specification %j', (changes, words) => {
  const [spec, folder] = [specification(changes), out()];
  expect(ergodicFailure('run', spec, '--out', folder)).toEqual({ code: 1, sentence: `\`${spec}\`: ${words}` });
  expect(existsSync(folder)).toBe(false);
});

test.each([
  ['nan.npy', npy([2, 2], 0, 1, 2, Number.NaN), 'sample 2, coordinate 2 is NaN, not a finite number'],
  ['nan.csv', 'x,y\n1,NaN\n1,2\n', 'sample 1, coordinate 2 is NaN, not a finite number'],
  ['three.csv', 'x,y,z\n1,2,3\n4,5,6\n', 'holds points of 3 coordinates, but the system has 2'],
])('data %s', (name, content, words) => {
  const spec = specification({ system: { kind: 'double-well-2d', data: name } }, { name, content });
  const folder = out();
  const { code, sentence } = ergodicFailure('run', spec, '--out', folder);
  expect(code).toBe(1);
  expect(sentence).toContain(words);
  expect(sentence).toContain(`\`${parent.in(name)}\``);
  // So that the same command works once the data are right.
  expect(existsSync(folder)).toBe(false);
});

test('files that are not there', () => {
  const missing = specification({ system: { kind: 'double-well-2d', data: 'none.npy' } });
  expect(ergodicFailure('train', missing, '--out', out())).toEqual({
    code: 1,
    sentence: `\`${parent.in('none.npy')}\` does not exist: check the spelling.`,
  });
  const nowhere = parent.in('nowhere');
  expect(ergodicFailure('run', nowhere).sentence).toBe(`\`${nowhere}\` does not exist: check the spelling.`);
  for (const command of ['sample', 'evaluate', 'resume']) {
    const { code, sentence } = ergodicFailure(command, nowhere);
    expect(code).toBe(1);
    expect(sentence).toMatch(/^`.*nowhere` is not a run \(it has no `run.json`\)/);
  }
  expect(existsSync(nowhere)).toBe(false);
});

test('data that changed since the run was begun', { tags: ['full'] }, () => {
  const name = 'changing.csv';
  const data = (x: number) =>
    `x,y\n${Array.from({ length: 50 }, (_, i) => `${Math.sin(i) + x},${Math.cos(i)}\n`).join('')}`;
  const spec = specification({ system: { kind: 'double-well-2d', data: name } }, { name, content: data(0) });
  const folder = out();
  expect(ergodic('train', spec, '--out', folder).status).toBe(0);
  writeFileSync(parent.in(name), data(1));
  for (const command of ['resume', 'simulate']) {
    const { code, sentence } = ergodicFailure(command, folder);
    expect(code).toBe(1);
    expect(sentence).toBe(
      `The data of \`${parent.in(name)}\` have changed since this run began: restore the original files, or start a new run.`,
    );
  }
});

test('wrong usage exits 2', () => {
  for (const [words, sentence] of [
    [['train', specification(), '--resume'], '`--resume` needs `--out DIR`, the folder of the stopped run.'],
    [['fine-tune', trained], /^`--alpha A` is missing/],
    [['sample', trained, '--out', 'samples.txt'], '`samples.txt` names no format for samples: end it in .npy or .csv.'],
    [['sample', trained, '-n', '10'], /^`samples.npy` of a run always uses the run's own settings/],
    [['simulate', trained, '--dt', '0.001'], /^`simulation.npy` of a run always uses the run's own settings/],
    [
      ['simulate', trained, '--steps', '5', '--out', 'x.npy'],
      'The stride is 10, more than the 5 steps: no frame would be stored.',
    ],
    [['sample', trained, '--solver', 'hoin'], '`--solver` cannot be `hoin`; did you mean `heun`?'],
    [['sample', trained, '-n', '0'], /^`-n` is 0; it must be a whole number from 1 to/],
  ] as const) {
    const failure = ergodicFailure(...words);
    expect(failure.code).toBe(2);
    if (typeof sentence === 'string') expect(failure.sentence).toBe(sentence);
    else expect(failure.sentence).toMatch(sentence);
  }
});

test('a folder that another process uses', async () => {
  const folder = copy();
  const before = contents(folder);
  const lock = await lockFolder(folder);
  try {
    for (const words of [
      ['resume', folder],
      ['train', specification(), '--out', folder, '--resume'],
      ['sample', folder],
      ['sample', folder, '-n', '3', '--out', join(folder, 'more.npy')],
      ['evaluate', folder],
    ]) {
      const { code, sentence } = ergodicFailure(...words);
      expect(code).toBe(1);
      expect(sentence).toBe(
        `\`${folder}\` is in use by process ${process.pid}: wait until it ends, stop it, or choose another folder.`,
      );
    }
    // To read is allowed.
    ergodicJson('sample', folder, '-n', '3', '--out', parent.in('elsewhere.npy'));
  } finally {
    lock.release();
  }
  expect(contents(folder)).toEqual(before);
});

test('a folder with a run, or with something else, is not written over', () => {
  expect(ergodicFailure('run', specification(), '--out', trained).sentence).toBe(
    `\`${trained}\` already holds a run: continue it with \`ergodic resume ${trained}\` or choose another folder.`,
  );
  expect(ergodicFailure('run', specification(), '--out', parent.path).sentence).toMatch(/is neither empty nor a run/);
});

test('a run without a model', () => {
  const folder = copy();
  rmSync(join(folder, 'model.safetensors'));
  for (const command of ['sample', 'evaluate', 'residual']) {
    const { code, sentence } = ergodicFailure(command, folder);
    expect(code).toBe(1);
    expect(sentence).toBe(`\`${folder}\` has no trained model yet: continue it with \`ergodic resume ${folder}\`.`);
  }
  expect(ergodicFailure('evaluate', trained).sentence).toMatch(/has neither samples nor a simulation yet/);
});

test('a model that is damaged, one version or both', () => {
  const folder = copy();
  spoil(join(folder, 'model.safetensors'));
  expect(ergodicFailure('residual', folder)).toMatchObject({
    code: 1,
    sentence: expect.stringMatching(/^Neither `model.safetensors` nor `model.prev.safetensors` is usable/),
  });
  copyFileSync(join(trained, 'model.safetensors'), join(folder, 'model.prev.safetensors'));
  const { status, stderr } = ergodic('residual', folder);
  expect(status).toBe(0);
  expect(stderr).toContain('The version before it, `model.prev.safetensors`, is used instead.');
});

test('a checkpoint that is damaged, one version or both', () => {
  const folder = copy();
  spoil(join(folder, 'checkpoint.safetensors'));
  const { status, stderr } = ergodic('resume', folder);
  expect(status).toBe(0);
  expect(stderr).toContain('The version before it, `checkpoint.prev.safetensors`, is used instead.');
  expect(contents(folder)['model.safetensors']).toBe(contents(trained)['model.safetensors']);
  spoil(join(folder, 'checkpoint.prev.safetensors'));
  const before = contents(folder);
  const { code, sentence } = ergodicFailure('resume', folder);
  expect(code).toBe(1);
  expect(sentence).toMatch(
    /^Neither `checkpoint.safetensors` nor `checkpoint.prev.safetensors` is usable; nothing was changed/,
  );
  expect(contents(folder)).toEqual(before);
});

test('a part of a run that is damaged is made again, and said', { tags: ['full'] }, () => {
  const folder = out();
  const whole = ergodicJson('run', specification(), '--out', folder);
  const before = readFileSync(join(folder, 'samples.npy'));
  writeFileSync(join(folder, 'samples.npy'), before.subarray(0, 200));
  expect(ergodicFailure('evaluate', folder).sentence).toMatch(/samples.npy` cannot be read as NPY/);
  const { status, stderr } = ergodic('resume', folder);
  expect(status).toBe(0);
  expect(stderr).toMatch(/samples.npy` cannot be read as NPY: .* It is made again.\n/);
  expect(readFileSync(join(folder, 'samples.npy')).equals(before)).toBe(true);
  expect(ergodicJson('evaluate', folder).metrics).toEqual(whole.metrics);
});

test('an expert at t = 0 without an energy cannot be fine-tuned, and has no residual', () => {
  const folder = out();
  const experts = [{ ...smallRun.experts[2], range: [0, 1], steps: 20 }];
  expect(ergodic('train', specification({ experts }), '--out', folder).status).toBe(0);
  const tuned = ergodicFailure('fine-tune', folder, '--alpha', '1e-3', '--out', out());
  expect(tuned).toMatchObject({ code: 1, sentence: expect.stringContaining('the expert has no energy to regularise') });
  expect(ergodicFailure('residual', folder).sentence).toMatch(
    /^This model has no energy, and without one there is no Fokker–Planck residual/,
  );
});

test('an engine that is not there', () => {
  const folder = out();
  const noDrivers = { VK_ICD_FILENAMES: '/nowhere.json' };
  const { status, stderr } = ergodicIn(noDrivers, 'run', specification(), '--out', folder, '--engine', 'webgpu');
  expect(status).toBe(1);
  // Drivers may have had their say before.
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^The engine 'webgpu' is not available: .*\.$/);
  expect(existsSync(folder)).toBe(false);
});

test('training that diverges', () => {
  const values = Array.from({ length: 100 }, () => 1e30);
  const data = { name: 'absurd.npy', content: npy([50, 2], ...values) };
  const experts = [{ ...smallRun.experts[2], range: [0, 1] }];
  const spec = specification({ system: { kind: 'double-well-2d', data: data.name }, experts }, data);
  const folder = out();
  const { code, sentence } = ergodicFailure('run', spec, '--out', folder);
  expect(code).toBe(1);
  expect(sentence).toMatch(/^Training of expert 1 diverged at step 20: its loss was not finite 20 times in a row/);
  expect(ergodicFailure('resume', folder).sentence).toBe(sentence);
  expectWhole(folder);
});

test('disks that are full or read-only', { tags: ['full'] }, (context) => {
  using mountPoint = temporaryFolder();
  const disk = mountPoint.path;
  const system = (program: string, ...words: string[]) => spawnSync(program, words, { stdio: 'ignore' }).status === 0;
  const mounted = system('mount', '-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk);
  context.skip(!mounted, 'mounting a small disk is not allowed here');
  try {
    const folder = join(disk, 'run');
    const sample = { count: 60_000, solver: 'dpm', steps: 10 };
    const spec = specification({ sample });
    // Training fits, 480 kB of samples do not: it ends in the middle of writing them.
    const { code, sentence } = ergodicFailure('run', spec, '--out', folder);
    expect(code).toBe(1);
    expect(sentence).toMatch(
      /^The disk that holds `.*samples\.npy[^`]*` is full: free some space and try again; what was saved is intact\.$/,
    );
    expectWhole(folder);
    expect(readdirSync(folder).filter((name) => /\.tmp$|samples\.npy$/.test(name))).toEqual([]);

    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), new Uint8Array(bavail * bsize));
    const before = contents(folder);
    expect(ergodicFailure('resume', folder).sentence).toMatch(/^The disk that holds `.*` is full/);
    expect(ergodicFailure('train', spec, '--out', join(disk, 'other')).sentence).toMatch(
      /^The disk that holds .* is full/,
    );
    expect(contents(folder)).toEqual(before);
    rmSync(join(disk, 'ballast'));

    expect(system('mount', '-o', 'remount,ro', disk)).toBe(true);
    for (const words of [
      ['resume', folder],
      ['sample', folder],
      ['evaluate', folder],
      ['run', spec, '--out', join(disk, 'new')],
    ]) {
      const failure = ergodicFailure(...words);
      expect(failure.code).toBe(1);
      expect(failure.sentence).toMatch(/^`.*` lies on a read-only disk: choose a folder on another one\.$/);
    }
    ergodicJson('sample', folder, '-n', '3', '--out', parent.in('from-read-only.npy'));

    expect(system('mount', '-o', 'remount,rw,size=4m', disk)).toBe(true);
    expect(ergodicJson('resume', folder).metrics.iid.pmf).toBeGreaterThan(0);
  } finally {
    system('umount', disk);
  }
});
