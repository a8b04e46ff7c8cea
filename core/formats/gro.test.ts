import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { flipBytes, readAll } from '../../build/damage.ts';
import { askPeers, expectSame, largestDifference, writtenFile } from '../../build/structure-peers.ts';
import { ErgodicError } from '../errors.ts';
import type { Topology } from '../systems/topology.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { groWriter, openGro } from './gro.ts';
import { openPdb } from './pdb.ts';
import type { Frame, StructureFile } from './trajectory.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/formats/gro/', import.meta.url);

const openText = (text: string) => openGro(memorySource('a.gro', new TextEncoder().encode(text)));
const openFile = (folder: URL, name: string) => openGro(memorySource(name, readFileSync(new URL(name, folder))));
const trajectoryOf = async (source: ByteSource) => (await openGro(source)).trajectory!;

async function framesOf({ trajectory }: StructureFile): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let index = 0; index < trajectory!.frames; index++) frames.push(await trajectory!.frame(index));
  return frames;
}

const atom = (number: number, residue: string, name: string, serial: number, numbers: string) =>
  `${String(number).padStart(5)}${residue.padEnd(5)}${name.padStart(5)}${String(serial).padStart(5)}${numbers}\n`;
const water = (x: string) =>
  `water\n3\n${['OW', 'HW1', 'HW2'].map((name, i) => atom(1, 'SOL', name, i + 1, `   ${x}   2.000   3.000`)).join('')}`;

test('three frames by GROMACS: positions 0.25 i + j + 0.125 k Å of atom i, axis j, twice as large velocities', async () => {
  const file = await openFile(FIXTURES, 'gromacs.gro');
  expect(file.problems).toEqual([]);
  expect(file.topology.residues.map(({ name, number }) => [name, number])).toEqual([
    ['ACE', 1],
    ['ALA', 2],
    ['NME', 3],
  ]);
  expect(file.topology.chains).toEqual([{ id: '', segment: '' }]);
  expect(file.topology.atoms.map(({ element }) => element).join('')).toBe('HCHHCONHCHCHHHCONHCHHH');
  expect(file.trajectory!.holds).toEqual({ velocities: true, forces: false, cell: true });
  const frames = await framesOf(file);
  expect(frames.map(({ time, step }) => [time, step])).toEqual([
    [1, 0],
    [1.2, 100],
    [1.4, 200],
  ]);
  for (const [k, { positions, velocities, cell }] of frames.entries()) {
    const expected = Array.from({ length: 66 }, (_, i) => (0.25 * Math.floor(i / 3) + (i % 3) + 0.125 * k) / 10);
    // Three decimals of positions, four of velocities.
    expect(largestDifference(positions, expected)).toBeLessThan(5.01e-4);
    expect(
      largestDifference(
        velocities!,
        expected.map((x) => 2 * x),
      ),
    ).toBeLessThan(5.01e-5);
    expect(cell).toEqual([3, 0, 0, -0.55567, 3.15138, 0, -0.29633, 0.54726, 3.34256]);
  }
});

describe('what frames may hold', () => {
  test.each([
    ['   1.0   2.0   3.0', [1, 2, 3], Float32Array],
    ['   1.234   2.345  -3.456', [1.234, 2.345, -3.456], Float32Array],
    ['   1.234567   2.345678  -3.456789', [1.234567, 2.345678, -3.456789], Float64Array],
    ['1000.123-999.1231234.567', [1000.123, -999.123, 1234.567], Float32Array],
  ])('columns as wide as their points are apart: "%s"', async (numbers, expected, type) => {
    const { trajectory } = await openText(`a\n1\n${atom(1, 'X', 'Y', 1, numbers)}1 1 1\n`);
    expect((await trajectory!.frame(0)).positions).toEqual(type.from(expected));
  });

  test.each([
    ['   2.00000   3.00000   4.00000', [2, 0, 0, 0, 3, 0, 0, 0, 4]],
    ['2 3 4', [2, 0, 0, 0, 3, 0, 0, 0, 4]],
    ['2 3 4 0 0 .5 0 .6 .7', [2, 0, 0, 0.5, 3, 0, 0.6, 0.7, 4]],
    ['0 0 0', undefined],
    ['   0.00000   0.00000   0.00000', undefined],
  ])('the box "%s"', async (box, expected) => {
    const { trajectory } = await openText(`${water('1.000')}${box}\n`);
    expect((await trajectory!.frame(0)).cell).toEqual(expected);
    expect(trajectory!.holds.cell).toBe(expected !== undefined);
  });

  test('numbers that begin again after 99,999 do not join residues', async () => {
    const numbers = '   1.000   2.000   3.000';
    const { topology } = await openText(
      `ions\n4\n${atom(99_998, 'NA', 'NA', 99_998, numbers)}${atom(99_999, 'NA', 'NA', 99_999, numbers)}` +
        `${atom(0, 'NA', 'NA', 0, numbers)}${atom(1, 'CL', 'CL', 1, numbers)}1 1 1\n`,
    );
    expect(topology.residues.map(({ number }) => number)).toEqual([99_998, 99_999, 0, 1]);
    expect(topology.atoms.map(({ serial }) => serial)).toEqual([99_998, 99_999, 0, 1]);
    expect(topology.atoms.map(({ element }) => element)).toEqual(['Na', 'Na', 'Na', 'Cl']);
  });

  test('CR LF, no line break at the end, blank lines at the end', async () => {
    const text = `${water('1.000')}1 1 1\n${water('4.000')}2 2 2\n`;
    for (const each of [text, text.replaceAll('\n', '\r\n'), text.trimEnd(), `${text}\n\n  \n`, `${text}\n`]) {
      const file = await openText(each);
      expect(file.problems).toEqual([]);
      expect((await framesOf(file)).map(({ positions, cell }) => [positions[0], cell![0]])).toEqual([
        [1, 1],
        [4, 2],
      ]);
    }
  });

  test('an earlier index spares all frames but the first', async () => {
    const bytes = new TextEncoder().encode(`${water('1.000')}1 1 1\n${water('4.000')}1 1 1\n`.repeat(500));
    const { trajectory: scanned } = await openGro(memorySource('a.gro', bytes));
    let read = 0;
    const counting: ByteSource = {
      name: 'a.gro',
      size: bytes.length,
      read: async (offset, length) => {
        read += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    const { trajectory } = await openGro(counting, { index: scanned!.index! });
    expect(read).toBe(scanned!.index![1]);
    expect(trajectory!.frames).toBe(1000);
    expect(await trajectory!.frame(777)).toEqual(await scanned!.frame(777));
    for (const index of [[0, 20, bytes.length], [0, bytes.length], [0, 1e9], [0], [0, scanned!.index![1]!]]) {
      const again = await openGro(memorySource('a.gro', bytes), { index: Float64Array.from(index) });
      expect(again.trajectory!.index).toEqual(scanned!.index);
    }
  });

  test('a blank title is one', async () => {
    const file = await openText(`${water('1.000')}1 1 1\n${water('4.000')}1 1 1\n`.replaceAll('water', ''));
    expect(file.trajectory!.frames).toBe(2);
  });
});

describe('errors name the line', () => {
  test.each([
    ['', /it is empty \(line 0\)/],
    ['title\n', /ends in the middle of a frame \(line 1\)/],
    ['title\nmany\n', /it has "many" where a number of atoms should be \(line 2\)/],
    ['title\n-3\n', /it has "-3" where a number/],
    ['title\n0\n1 1 1\n', /it has "0" where a number/],
    ['title\n2147483648\n', /it says 2147483648 atoms, and too few bytes follow to hold them \(line 2\)/],
    [`${water('1.000')}`, /ends in the middle of a frame \(line 5\)/],
    [`${water('1.000')}1 1\n`, /it has "1 1" where the box should be: 3 or 9 numbers \(line 6\)/],
    [`${water('1.000')}1 1 1 1\n`, /where the box should be/],
    [`${water('1.000')}1 x 1\n`, /where the box should be/],
    [`${water('  nan')}1 1 1\n`, /it has " {5}nan" where an atom's x should be \(line 3\)/],
    [`${water('9.e99')}1 1 1\n`, /" {3}9\.e99" where an atom's x should be \(line 3\)/],
    [`${water('1.000').replace('    1SOL', '    xSOL')}1 1 1\n`, /after 0 of them comes what is none \(line 3\)/],
    [`a\n1\n${atom(1, 'X', 'Y', 1, '  1.000   2.000 ')}1 1 1\n`, /nothing where an atom's z/],
  ])('%#', async (text, message) => {
    await expect(openText(text)).rejects.toThrow(ErgodicError);
    await expect(openText(text)).rejects.toThrow(message);
  });

  test('what is wrong after the first frame ends the trajectory', async () => {
    const good = `${water('1.000')}1 1 1\n`;
    for (const [rest, message] of [
      ['title\n', /^Frame 1 of `a.gro` and all after it are not read: it ends in the middle of a frame \(line 7\)/],
      [water('2.000'), /ends in the middle of a frame/],
      [`t\n2\n${'x'.repeat(99)}`, /this frame has 2 atoms where the first has 3 \(line 8\)/],
      ['t\n5000\n', /says 5000 atoms, and too few bytes follow/],
      [`${water('2.000')}1 1\n${good}`, /where the box should be/],
      [`t\nx\n${good}`, /"x" where a number of atoms should be/],
    ] as const) {
      const { trajectory, problems } = await openText(good + rest);
      expect(trajectory!.frames).toBe(1);
      expect(problems.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
    }
  });

  test('of a later frame, when it is read', async () => {
    const { trajectory } = await openText(`${water('1.000')}1 1 1\n${water('**.**')}1 1 1\n`);
    await expect(trajectory!.frame(1)).rejects.toThrow(
      /^`a.gro` cannot be read as GRO: it has .* where an atom's x should be \(byte \d+, frame 1\)/,
    );
    await expect(trajectory!.frame(-1)).rejects.toThrow('`a.gro` has 2 frames; there is no frame -1.');
  });
});

describe('damaged files', () => {
  const bytes = new Uint8Array(readFileSync(new URL('gromacs.gro', FIXTURES)));

  test('of a file cut off anywhere the frames before are read', async () => {
    const whole = await readAll('a.gro', bytes, trajectoryOf);
    for (let length = 0; length < bytes.length; length++) {
      const { frames, error, problems } = await readAll('a.gro', bytes.slice(0, length), trajectoryOf);
      expect(error === undefined).toBe(frames.length > 0);
      for (const [k, frame] of frames.entries()) {
        expect(frame.positions).toEqual(whole.frames[k]!.positions);
        // A box that has lost its end may still be one; then a problem says so, unless it lost whole numbers.
        if (JSON.stringify(frame.cell) === JSON.stringify(whole.frames[k]!.cell)) continue;
        expect(k).toBe(frames.length - 1);
        expect(problems.length > 0 || frame.cell![6] === 0).toBe(true);
      }
    }
  });

  test('thousands of changed bytes', async () => {
    const started = performance.now();
    expect(await flipBytes('a.gro', bytes, trajectoryOf, { copies: 3000 })).toBeGreaterThan(500);
    expect(performance.now() - started).toBeLessThan(40_000);
  });

  test.each([
    ['zeros', 0],
    ['line breaks', 10],
    ['nines', 57],
  ])('a megabyte of %s', async (_, byte) => {
    const { error } = await readAll('a.gro', new Uint8Array(1 << 20).fill(byte), trajectoryOf);
    expect(error).toBeInstanceOf(ErgodicError);
  });
});

describe('writing', () => {
  const topology: Topology = {
    atoms: ['OW', 'HW1', 'HW2'].map((name, place) => ({ name, element: name[0]!, serial: place + 1, residue: 0 })),
    residues: [{ name: 'SOL', number: 7, insertion: '', chain: 0, hetero: false }],
    chains: [{ id: '', segment: '' }],
    bonds: [],
  };
  const positions = Float32Array.of(0.1, 0.2, 0.3, -1, -2, -3, 10.5, 20.5, 30.5);
  const reopened = (frames: readonly Frame[], options = {}) =>
    openGro(memorySource('a.gro', writtenFile(groWriter(topology, options), frames)));

  test('a frame as GROMACS writes it', () => {
    const frame: Frame = { positions, velocities: positions, cell: [3, 0, 0, 0, 4, 0, 1, 0, 5], time: 2, step: 1000 };
    expect(new TextDecoder().decode(writtenFile(groWriter(topology, { title: 'Water' }), [frame]))).toBe(
      `Water t= 2 step= 1000
    3
    7SOL     OW    1   0.100   0.200   0.300  0.1000  0.2000  0.3000
    7SOL    HW1    2  -1.000  -2.000  -3.000 -1.0000 -2.0000 -3.0000
    7SOL    HW2    3  10.500  20.500  30.500 10.5000 20.5000 30.5000
   3.00000   4.00000   5.00000   0.00000   0.00000   0.00000   0.00000   1.00000   0.00000
`,
    );
  });

  test('frames come back, with as many decimals as asked for', async () => {
    const frames: Frame[] = [0, 1].map((k) => ({
      positions: Float64Array.from(positions, (x) => x + k / 7),
      cell: [3, 0, 0, 0, 4, 0, 0, 0, 5],
      time: k,
      step: 5 * k,
    }));
    const file = await reopened(frames, { decimals: 6 });
    expect(file.topology).toEqual(topology);
    for (const [k, frame] of (await framesOf(file)).entries()) {
      expect(frame).toMatchObject({ time: k, step: 5 * k, cell: frames[k]!.cell });
      expect(largestDifference(frame.positions, frames[k]!.positions)).toBeLessThan(5.01e-7);
    }
    expect((await framesOf(await reopened([{ positions }])))[0]).toEqual({ positions });
  });

  test('numbers beyond 99,999 begin again', async () => {
    const count = 100_002;
    const many: Topology = {
      atoms: Array.from({ length: count }, (_, i) => ({ name: 'NA', element: 'Na', serial: i + 1, residue: i })),
      residues: Array.from({ length: count }, (_, i) => ({
        name: 'NA',
        number: i + 1,
        insertion: '',
        chain: 0,
        hetero: false,
      })),
      chains: [{ id: '', segment: '' }],
      bonds: [],
    };
    const bytes = writtenFile(groWriter(many), [{ positions: new Float32Array(3 * count) }]);
    const { topology: read } = await openGro(memorySource('a.gro', bytes));
    expect(read.residues.slice(-4).map(({ number }) => number)).toEqual([99_999, 0, 1, 2]);
    expect(read.atoms.slice(-4).map(({ serial }) => serial)).toEqual([99_999, 0, 1, 2]);
  });

  test('what does not fit is an error', () => {
    const write = (given: Topology, frame: Frame) => groWriter(given).frame(frame);
    const named = (name: string): Topology => ({ ...topology, atoms: [{ ...topology.atoms[0]!, name }] });
    expect(() => write(named('TOOLONG'), { positions })).toThrow(/atom name `TOOLONG` is longer than the five columns/);
    expect(() => write(named('A'), { positions: Float32Array.of(0, 1e5, 0) })).toThrow(/Atom 1 has 100000.000, which/);
    expect(() => write(named('A'), { positions: Float32Array.of(0, 0, Number.NaN) })).toThrow(/Atom 1 has NaN/);
    expect(() => write(named('A'), { positions })).toThrow(/frame of 3 atoms cannot be written for 1/);
  });
});

describe.skipIf(!existsSync(SHARED))('files of the chemfiles collection', () => {
  test.each([
    ['1vln-triclinic.gro', 14_520, 1944, 1],
    ['cod_4020641.gro', 81, 1, 1],
    ['lysozyme.gro', 1960, 129, 3],
    ['no-final-line.gro', 1405, 134, 1],
    ['ubiquitin.gro', 1405, 134, 1],
  ])('%s', async (name, atoms, residues, frames) => {
    const { topology, trajectory, problems } = await openFile(SHARED, name);
    expect([topology.atoms.length, topology.residues.length, trajectory!.frames]).toEqual([atoms, residues, frames]);
    expect(problems).toEqual([]);
    expect(trajectory!.holds.velocities).toBe(name === 'lysozyme.gro');
  });

  test('truncated.gro, which has 555 of its 1405 atoms', async () => {
    await expect(openFile(SHARED, 'truncated.gro')).rejects.toThrow(
      '`truncated.gro` cannot be read as GRO: it says 1405 atoms, and too few bytes follow to hold them (line 2).',
    );
  });

  const scratch = mkdtempSync(join(tmpdir(), 'ergodic-gro-'));
  afterAll(() => rmSync(scratch, { recursive: true }));

  test('MDTraj and MDAnalysis read the same, also from what is written here', async ({ skip }) => {
    const path = (name: string) => new URL(name, SHARED).pathname;
    const ours = join(scratch, 'lysozyme.gro');
    const lysozyme = await openFile(SHARED, 'lysozyme.gro');
    writeFileSync(ours, writtenFile(groWriter(lysozyme.topology), await framesOf(lysozyme)));
    const protein = await openPdb(memorySource('1bcu', readFileSync(new URL('../pdb/1bcu.pdb', SHARED))));
    const fromPdb = join(scratch, '1bcu.gro');
    writeFileSync(fromPdb, writtenFile(groWriter(protein.topology, { decimals: 5 }), await framesOf(protein)));
    const facts = askPeers([
      ['mdtraj', path('1vln-triclinic.gro')],
      ['mdtraj', path('cod_4020641.gro')],
      ['mdanalysis', path('1vln-triclinic.gro')],
      ['mdanalysis', path('no-final-line.gro')],
      ['mdanalysis', path('ubiquitin.gro')],
      ['mdanalysis', path('lysozyme.gro')],
      ['mdtraj', path('lysozyme.gro')],
      ['mdanalysis', ours],
      ['mdtraj', ours],
      ['mdtraj', fromPdb],
      ['mdanalysis', fromPdb],
    ]);
    if (!facts) return skip('Python lacks MDTraj, MDAnalysis, OpenMM or Biopython.');
    for (const [key, theirs] of facts) {
      const file = await openGro(memorySource(key, readFileSync(key.split(' ')[1]!)));
      const frames = await framesOf(file);
      if (key.startsWith('mdanalysis') && frames.length > 1) {
        // It reads the first frame only.
        expect(largestDifference(theirs.positions[0]!, frames[0]!.positions), key).toBeLessThan(2e-6);
        expect(largestDifference(theirs.velocities!, frames[0]!.velocities!), key).toBeLessThan(2e-6);
      } else {
        // MDTraj renames atoms as it sees fit.
        const { atoms } = file.topology;
        if (key.startsWith('mdtraj')) theirs.names = atoms.map(({ name }) => name);
        await expectSame(file, theirs, key);
      }
    }
  });
});
