/** Conversions that cannot be: what is missing is said, and no file is touched. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { encodeNpy } from '../formats/npy.ts';
import { Listener, leftoversIn, temporaryFolder } from '../runs/small-run.test-support.ts';
import {
  ATOMS,
  base,
  contents,
  converted,
  FRAMES,
  folder,
  fresh,
  original,
  structure,
  times,
  trr,
  xtc,
} from './convert.test-support.ts';
import { type ConvertOptions, convert } from './convert.ts';

afterAll(() => folder[Symbol.dispose]());
afterEach(() => expect(leftoversIn(folder.path)).toEqual([]));

describe('without names of atoms', () => {
  test.each(['xtc', 'trr', 'dcd', 'npy'])('numbers become numbers: %s', async (target) => {
    const to = fresh(target);
    await converted(base, to);
    expect((await contents(to)).frames).toHaveLength(FRAMES);
  });

  test.each(['pdb', 'cif', 'gro', 'xyz'])('%s needs them', async (target) => {
    const converting = converted(base, fresh(target));
    await expect(converting).rejects.toThrow(
      `\`${base}\` does not say what its atoms are: name a structure with \`--topology FILE\`.`,
    );
    await expect(converting).rejects.toMatchObject({ usage: true });
  });

  test('so does a selection', async () => {
    await expect(converted(base, fresh('xtc'), { select: '.CA' })).rejects.toThrow(
      /name a structure with `--topology FILE`/,
    );
  });

  test('a number of atoms that nothing stands behind takes no memory', async () => {
    const bytes = readFileSync(xtc(original.slice(0, 1)));
    for (const at of [4, 52]) bytes.writeInt32BE(2 ** 31 - 1, at);
    const path = fresh('xtc');
    writeFileSync(path, bytes);
    await expect(converted(path, fresh('xtc'))).rejects.toThrow(ErgodicError);
  });
});

describe('what goes wrong', () => {
  const untouched = async (path: string, work: () => Promise<unknown>, sentence: string | RegExp) => {
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const failing = work();
    await expect(failing).rejects.toThrow(ErgodicError);
    await expect(failing).rejects.toThrow(sentence);
    expect(existsSync(path) ? readFileSync(path) : undefined).toEqual(before);
  };

  test('a file is not written over while it is read, whatever it is called', async () => {
    const source = xtc(original);
    const [hard, soft] = [fresh('xtc'), fresh('xtc')];
    linkSync(source, hard);
    symlinkSync(source, soft);
    for (const to of [source, hard, soft, `${folder.path}/./${basename(source)}`]) {
      await untouched(source, () => converted(source, to, { stride: 2 }), /is read from and would be replaced/);
    }
    const pdb = fresh('pdb');
    copyFileSync(structure, pdb);
    await untouched(pdb, () => converted(base, pdb, { topology: pdb }), /is read from and would be replaced/);
  });

  test('another file is replaced when the new one is whole', async () => {
    const to = fresh('xtc');
    writeFileSync(to, 'precious');
    const bad = trr([original[0]!, { positions: new Float32Array(3 * ATOMS).fill(Number.NaN) }]);
    await untouched(to, () => converted(bad, to), /a coordinate of atom 0 is NaN/);
    await converted(base, to);
    expect((await contents(to)).frames).toHaveLength(FRAMES);
  });

  test.each([
    ['nowhere/out.xtc', /cannot be written: there is no folder `.*nowhere`\.$/],
    ['folder.xtc', /exists and is no file: choose another name\.$/],
    [
      'out.nc',
      /names no format that can be written: end it in one of .pdb, .cif, .gro, .xyz, .xtc, .trr, .dcd, .npy\.$/,
    ],
    ['out.xct', /names no format that can be written: did you mean `.xtc`\?$/],
    ['out', /names no format that can be written: end it in one of/],
  ])('no place for the result: %s', async (name, sentence) => {
    if (name === 'folder.xtc') mkdirSync(folder.in(name), { recursive: true });
    await untouched(folder.in('out.xtc'), () => converted(base, folder.in(name)), sentence);
  });

  test.each<[string, Partial<ConvertOptions>, RegExp]>([
    ['a range behind the last frame', { start: 6 }, /has 5 frames, and none of them is wanted from 6 on\.$/],
    ['a range that ends before it begins', { start: 4, end: 2 }, /^`--end 2` comes before `--start 4`\.$/],
    ['a selection of nothing', { select: '.XX', topology: structure }, /^`--select "\.XX"` picks no atom of/],
    ['a selection that is no sentence', { select: '.CA .CB', topology: structure }, /\.CB/],
    ['a topology that is none', { topology: base }, /is TRR, which does not say what the atoms are/],
    ['a topology that is not there', { topology: '/nowhere.pdb' }, /`\/nowhere\.pdb` does not exist/],
  ])('%s', async (_, options, sentence) => {
    const to = fresh('xtc');
    await untouched(to, () => converted(base, to, options), sentence);
  });

  test('names without positions are nothing to convert', async () => {
    const psf = fresh('psf');
    writeFileSync(
      psf,
      'PSF\n\n       1 !NTITLE\n REMARKS\n\n       1 !NATOM\n       1 A    1    ALA  CA   CT1    0.070000       12.0110           0\n\n       0 !NBOND: bonds\n\n',
    );
    await expect(converted(psf, fresh('pdb'))).rejects.toThrow(
      `\`${psf}\` (PSF) holds no positions: name a trajectory.`,
    );
    await expect(converted([psf, psf], fresh('pdb'))).rejects.toThrow('None of these files holds positions');
  });

  test('an array of a toy is nothing to convert', async () => {
    const toy = fresh('npy');
    writeFileSync(toy, encodeNpy({ shape: [4, 2], data: new Float32Array(8) }));
    await expect(converted(toy, fresh('xtc'))).rejects.toThrow(/holds an array of shape \(4, 2\)/);
  });

  test('of a file that was cut off its whole frames are converted, and what is wrong is said', async () => {
    const cut = trr(original);
    truncateSync(cut, statSync(cut).size - 10);
    const to = fresh('xtc');
    const { frames, problems } = await converted(cut, to);
    expect(frames).toBe(FRAMES - 1);
    expect(problems).toEqual([
      expect.stringContaining(`\`${cut}\` ends (byte ${statSync(cut).size}) inside the frame`),
    ]);
    expect(times(await contents(to))).toEqual(original.slice(0, -1).map(({ time }) => time));
  });

  test('a frame in the middle that cannot be read ends everything, with a way around it', async () => {
    const damaged = xtc(original);
    const bytes = readFileSync(damaged);
    const second = bytes.readInt32BE(88) + 92;
    const start = Math.ceil(second / 4) * 4;
    expect(bytes.readInt32BE(start)).toBe(1995);
    // The table index: no longer one.
    bytes.writeInt32BE(5000, start + 84);
    writeFileSync(damaged, bytes);
    const to = fresh('trr');
    await untouched(
      to,
      () => converted(damaged, to),
      /Frame 1 of `.*` \(byte \d+\) cannot be read: its table index is 5000\. `--end 1` takes what comes before it, `--start 3` what follows\.$/,
    );
    const [before, after] = [fresh('trr'), fresh('trr')];
    expect(await converted(damaged, before, { end: 1 })).toMatchObject({ frames: 1 });
    expect(await converted(damaged, after, { start: 3 })).toMatchObject({ frames: 3 });
    expect(times(await contents(after))).toEqual(original.slice(2).map(({ time }) => time));
  });

  test('unevenly spaced times do not fit DCD, and nothing is left behind', async () => {
    const to = fresh('dcd');
    const uneven = trr(original.map((frame, i) => ({ ...frame, step: i * i, time: i * i })));
    await untouched(to, () => converted(uneven, to), /does not follow evenly .* write XTC/);
  });

  test('stopped in the middle it leaves nothing behind', async () => {
    const many = trr(Array.from({ length: 3000 }, (_, i) => ({ ...original[0]!, time: i })));
    const to = fresh('xyz');
    const listener = new Listener(({ done, unit }, stop) => {
      if (unit === 'frames' && done > 0) stop.abort(new ErgodicError('Stopped before the end, as asked.'));
    });
    const options = { from: [many], to, topology: structure, stride: 1, start: 1 };
    await untouched(to, () => convert(options, listener), 'Stopped before the end, as asked.');
  });

  test('a full disk is a sentence, and nothing is left on it', async (context) => {
    using mountPoint = temporaryFolder();
    const system = (...words: string[]) => spawnSync(words[0]!, words.slice(1), { stdio: 'ignore' }).status === 0;
    const mounted = system('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mountPoint.path);
    context.skip(!mounted, 'mounting a small disk is not allowed here');
    try {
      const many = trr(Array.from({ length: 1000 }, (_, i) => ({ ...original[0]!, time: i })));
      const to = mountPoint.in('out.trr');
      await expect(converted(many, to)).rejects.toThrow(
        `The disk that holds \`${to}\` is full: free some space and try again`,
      );
      expect(readdirSync(mountPoint.path)).toEqual([]);
      expect(system('mount', '-o', 'remount,ro', mountPoint.path)).toBe(true);
      await expect(converted(base, to)).rejects.toThrow(`\`${to}\` lies on a read-only disk`);
    } finally {
      system('umount', mountPoint.path);
    }
  });
});
