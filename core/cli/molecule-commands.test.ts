/** `inspect` and `convert`, called as a person calls them. */
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeNpy, npyHead } from '../formats/npy.ts';
import { trrWriter } from '../formats/trr.ts';
import { xtcWriter } from '../formats/xtc.ts';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import { ergodic, ergodicFailure, ergodicJson, RunningErgodic } from './ergodic.test-support.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const fixture = (name: string) => fileURLToPath(new URL(`../formats/fixtures/${name}`, import.meta.url));
const pdb = fixture('gromacs.pdb');
const gro = fixture('gromacs.gro');

const CELL = [2, 0, 0, 0, 2.5, 0, 0, 0, 3];
/** 22 atoms, as alanine dipeptide has; positions of half a frame number. */
function trajectory(name: string, frames: number): string {
  const writer = xtcWriter({ atoms: 22, precision: 1000 });
  const pieces = Array.from({ length: frames }, (_, i) =>
    writer.frame({ positions: new Float32Array(66).fill(0.5 * i), time: 100 + 0.1 * i, step: 50 * i, cell: CELL }),
  );
  writeFileSync(folder.in(name), Buffer.concat(pieces));
  return folder.in(name);
}
const xtc = trajectory('traj.xtc', 20);
const number = expect.any(Number);

describe('inspect', () => {
  test('a structure', () => {
    expect(ergodicJson('inspect', gro)).toEqual({
      file: gro,
      format: 'GRO',
      atoms: 22,
      residues: 3,
      chains: ['–'],
      frames: 3,
      firstTime: 1,
      timeStep: 0.2,
      unitCell: { lengths: [3, number, number], angles: [number, number, number] },
      holds: ['positions', 'velocities'],
      shape: null,
      bytes: number,
      problems: [],
    });
  });

  test('a trajectory, in words; times of single precision are what was meant', () => {
    const { status, stdout, stderr } = ergodic('inspect', xtc);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`${xtc}
  format     XTC
  atoms      22
  frames     20
  time       from 100 ps on, every 0.1 ps
  unit cell  2 × 2.5 × 3 nm, 90 × 90 × 90°
  holds      positions
  size       ${readFileSync(xtc).length.toLocaleString('en-US')} bytes
`);
  });

  test('velocities and forces that the first frame lacks', () => {
    const path = folder.in('mixed.trr');
    const writer = trrWriter({ atoms: 1 });
    const one = Float32Array.of(1, 2, 3);
    const frames = [{ positions: one }, { positions: one, velocities: one }, { positions: one, forces: one }];
    writeFileSync(path, Buffer.concat(frames.map((frame) => writer.frame(frame))));
    expect(ergodicJson('inspect', path)).toMatchObject({
      holds: ['positions', 'velocities', 'forces'],
      unitCell: null,
    });
  });

  test('arrays of toys', () => {
    const [samples, trajectory, table] = ['samples.npy', 'simulation.npy', 'samples.csv'].map(folder.in);
    writeFileSync(samples!, encodeNpy({ shape: [7, 2], data: new Float32Array(14) }));
    writeFileSync(trajectory!, encodeNpy({ shape: [4, 3, 2], data: new Float32Array(24) }));
    writeFileSync(table!, 'x1,x2\n1,2\n3,4\n5,6\n');
    const { files } = ergodicJson('inspect', samples!, trajectory!, table!);
    const array = { atoms: null, timeStep: null, unitCell: null, holds: [], problems: [] };
    expect(files).toMatchObject([
      { ...array, format: 'NPY', frames: 7, shape: [7, 2] },
      { ...array, format: 'NPY', frames: 4, shape: [4, 3, 2] },
      { ...array, format: 'CSV', frames: 3, shape: [3, 2] },
    ]);
    expect(ergodic('inspect', trajectory!).stdout).toBe(`${trajectory}
  format     NPY
  array of   4 × 3 × 2
  size       ${readFileSync(trajectory!).length} bytes
`);
  });

  test('no frames at all', () => {
    const none = folder.in('none.npy');
    writeFileSync(none, npyHead([0, 22, 3]));
    expect(ergodicJson('inspect', none)).toMatchObject({ atoms: 22, frames: 0, firstTime: null, unitCell: null });
    expect(ergodic('inspect', none).stdout).toContain('\n  frames     0\n  time       not stated\n');
    const empty = folder.in('empty.xtc');
    writeFileSync(empty, '');
    expect(ergodicFailure('inspect', empty)).toEqual({ code: 1, sentence: `\`${empty}\` is empty: it has no frames.` });
  });

  test('what is wrong with a file is told with the rest', () => {
    const cut = trajectory('cut.xtc', 5);
    truncateSync(cut, readFileSync(cut).length - 3);
    const { frames, problems } = ergodicJson('inspect', cut);
    expect(frames).toBe(4);
    expect(problems).toEqual([expect.stringMatching(/^`.*cut\.xtc` ends \(byte \d+\) inside the frame/)]);
    expect(ergodic('inspect', cut).stdout).toContain(`\n  problem    ${problems[0]}\n`);

    const unreadable = trajectory('unreadable.xtc', 3);
    const bytes = readFileSync(unreadable);
    bytes.writeInt32BE(5000, 84);
    writeFileSync(unreadable, bytes);
    expect(ergodicJson('inspect', unreadable)).toMatchObject({
      frames: 3,
      firstTime: null,
      problems: [expect.stringMatching(/^Frame 0 of .* cannot be read: its table index is 5000\.$/)],
    });
  });

  test('of several files, one that cannot be read does not hide the others', () => {
    const missing = folder.in('missing.xtc');
    const { status, stdout, stderr } = ergodic('inspect', pdb, missing, xtc, '--json');
    expect(status).toBe(1);
    expect(stderr).toBe(`\`${missing}\` does not exist: check the spelling.\n`);
    expect(JSON.parse(stdout).files).toMatchObject([
      { file: pdb, atoms: 22 },
      { file: missing, error: `\`${missing}\` does not exist: check the spelling.` },
      { file: xtc, frames: 20 },
    ]);
  });

  test('endings that nobody knows', () => {
    expect(ergodicFailure('inspect', 'traj.xct')).toEqual({
      code: 1,
      sentence: '`traj.xct` has no ending of a known format; did you mean `.xtc`?',
    });
    expect(ergodicFailure('inspect')).toEqual({
      code: 2,
      sentence: '`ergodic inspect` needs FILE (structures, trajectories, or arrays).',
    });
  });
});

describe('convert', () => {
  test('a structure beside trajectories, a part of the frames and of the atoms', () => {
    const to = folder.in('part.pdb');
    const words = ['--select', '.CA or .CB', '--stride', '10', '--start', '11'];
    expect(ergodicJson('convert', pdb, xtc, xtc, to, ...words)).toEqual({
      file: to,
      atoms: 2,
      frames: 3,
      problems: [expect.stringMatching(/^The conformations in `.*gromacs\.pdb` are not converted/)],
      seconds: number,
    });
    expect(ergodicJson('inspect', to)).toMatchObject({
      atoms: 2,
      residues: 1,
      frames: 3,
      firstTime: 101,
      timeStep: -1,
    });
  });

  test('in words: one line on standard output, problems and progress on standard error', () => {
    const to = folder.in('words.xtc');
    const { status, stdout, stderr } = ergodic('convert', pdb, to);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `3 frames of 22 atoms: ${to}\n` });
    expect(stderr).toMatch(/^converting: 3 frames in .*\n$/);
    const cut = trajectory('cut2.xtc', 3);
    truncateSync(cut, readFileSync(cut).length - 3);
    const broken = ergodic('convert', cut, to);
    expect(broken.status).toBe(0);
    expect(broken.stdout).toBe(`2 frames of 22 atoms: ${to}\n`);
    expect(broken.stderr).toMatch(/cut2\.xtc` ends \(byte \d+\) inside the frame/);
  });

  test.each<[number, string[], RegExp]>([
    [2, [xtc], /^`ergodic convert` needs OUT \(new file; the format follows from its extension\)\.$/],
    [2, [xtc, 'out.pdb'], /^`.*traj\.xtc` does not say what its atoms are: name a structure with `--topology FILE`\.$/],
    [2, [xtc, xtc], /^`.*traj\.xtc` is read from and would be replaced/],
    [2, [xtc, 'out.xct'], /^`out\.xct` names no format that can be written: did you mean `\.xtc`\?$/],
    [2, [xtc, 'out.trr', '--stride', '0'], /^`--stride` is 0; it must be a whole number from 1 to/],
    [2, [xtc, 'out.trr', '--select', ''], /^`--select` is empty; it must be a selection of atoms\.$/],
    [2, [xtc, 'out.trr', '--start', '9', '--end', '3'], /^`--end 3` comes before `--start 9`\.$/],
    [1, [xtc, 'out.trr', '--start', '21'], /has 20 frames, and none of them is wanted from 21 on\.$/],
    [1, ['none.xtc', 'out.trr'], /^`none\.xtc` does not exist: check the spelling\.$/],
    [
      1,
      [fixture('mdtraj.pdb'), fixture('mdtraj.xtc'), 'out.trr'],
      /^`.*mdtraj\.xtc` has 30 atoms per frame, `.*mdtraj\.pdb` has 22: choose the structure that belongs to it\.$/,
    ],
  ])('exit code %i: %j', (code, words, sentence) => {
    const failure = ergodicFailure('convert', ...words);
    expect(failure.code).toBe(code);
    expect(failure.sentence).toMatch(sentence);
    expect(existsSync('out.trr')).toBe(false);
  });

  test('Ctrl-C leaves nothing behind', async () => {
    const long = folder.in('long.trr');
    const writer = trrWriter({ atoms: 22 });
    const frame = writer.frame({ positions: new Float32Array(66) });
    writeFileSync(long, Buffer.concat(new Array(200_000).fill(frame)));
    const before = readdirSync(folder.path).toSorted();
    const to = folder.in('interrupted.xtc');
    const running = new RunningErgodic('convert', long, to);
    await running.until(() => readdirSync(folder.path).some((name) => name.endsWith('.tmp')));
    const { code, said } = await running.end('SIGINT');
    expect(code).toBe(1);
    expect(said.trimEnd().split('\n').at(-1)).toBe('Stopped before the end, as asked.');
    expect(
      readdirSync(folder.path)
        .filter((name) => name !== '.long.trr.frames')
        .toSorted(),
    ).toEqual(before);
  });
});
