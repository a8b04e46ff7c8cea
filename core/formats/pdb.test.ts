import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { flipBytes, readAll } from '../../build/damage.ts';
import { ErgodicError } from '../errors.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { openPdb } from './pdb.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);

const bytesOf = (text: string) => new TextEncoder().encode(text);
const openText = (text: string) => openPdb(memorySource('a.pdb', bytesOf(text)));
const openFile = (folder: URL, name: string) => openPdb(memorySource(name, readFileSync(new URL(name, folder))));
const trajectoryOf = async (source: ByteSource) => (await openPdb(source)).trajectory!;

interface AtomLine {
  record?: string;
  serial?: number | string;
  name?: string;
  alternate?: string;
  residue?: string;
  chain?: string;
  number?: number | string;
  insertion?: string;
  xyz?: readonly number[];
  end?: string;
}

/** An ATOM record from its fields; `end` is all that follows the coordinates. */
function atom(fields: AtomLine): string {
  const {
    record = 'ATOM',
    serial = 1,
    name = ' CA',
    alternate = ' ',
    residue = 'ALA',
    chain = 'A',
    number = 1,
  } = fields;
  const { insertion = ' ', xyz = [1, 2, 3], end = '  1.00  0.00' } = fields;
  const before =
    `${record.padEnd(6)}${String(serial).padStart(5)} ${name.padEnd(4)}${alternate}${residue.padEnd(4)}` +
    `${chain}${String(number).padStart(4)}${insertion}   `;
  return `${before}${xyz.map((value) => value.toFixed(3).padStart(8)).join('')}${end}\n`;
}

const columnsOf = async (text: string) => {
  const { topology, problems } = await openText(text);
  return { ...topology, problems, names: topology.atoms.map(({ name }) => name) };
};

describe('files by other programs, of three frames with atom i, axis j, frame k at 0.25 i + j + 0.125 k Å', () => {
  test.each(['mdtraj.pdb', 'mdanalysis.pdb', 'gromacs.pdb'])('%s', async (name) => {
    const { topology, trajectory, problems } = await openFile(FIXTURES, name);
    expect(problems).toEqual([]);
    expect(topology.atoms).toHaveLength(22);
    expect(topology.residues.map((residue) => [residue.name, residue.number])).toEqual([
      ['ACE', 1],
      ['ALA', 2],
      ['NME', 3],
    ]);
    expect(topology.atoms.map(({ element }) => element).join('')).toBe('HCHHCONHCHCHHHCONHCHHH');
    expect(trajectory!.frames).toBe(3);
    for (let k = 0; k < 3; k++) {
      const { positions, cell, time, step } = await trajectory!.frame(k);
      const expected = Float32Array.from({ length: 66 }, (_, index) => {
        const [i, j] = [Math.floor(index / 3), index % 3];
        return (0.25 * i + j + 0.125 * k) / 10;
      });
      expect(positions).toEqual(expected);
      const { lengths, angles } = shapeOfCell(cell!);
      for (const [i, value] of [3, 3.2, 3.4].entries()) expect(lengths[i]).toBeCloseTo(value, 9);
      for (const [i, value] of [80, 95, 100].entries()) expect(angles[i]).toBeCloseTo(value, 9);
      if (name === 'gromacs.pdb') expect({ time, step }).toEqual({ time: [1, 1.2, 1.4][k], step: 100 * k });
    }
  });

  test('CONECT after the last model is read: 11 bonds of the caps stand in both directions', async () => {
    const { topology } = await openFile(FIXTURES, 'mdanalysis.pdb');
    expect(topology.bonds).toEqual([
      [0, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [4, 5],
      [4, 6],
      [14, 16],
      [16, 17],
      [16, 18],
      [18, 19],
      [18, 20],
      [18, 21],
    ]);
  });
});

describe('what columns may hold', () => {
  test('all of them', async () => {
    const { atoms, residues, chains } = await columnsOf(
      atom({
        record: 'HETATM',
        serial: 7,
        name: 'FE',
        residue: 'HEM',
        chain: 'B',
        number: -12,
        insertion: 'C',
      }).replace('  1.00  0.00', '  0.50 12.34      SEG1FE3+'),
    );
    expect(atoms).toEqual([
      { name: 'FE', element: 'Fe', serial: 7, residue: 0, charge: 3, occupancy: 0.5, temperatureFactor: 12.34 },
    ]);
    expect(residues).toEqual([{ name: 'HEM', number: -12, insertion: 'C', chain: 0, hetero: true }]);
    expect(chains).toEqual([{ id: 'B', segment: 'SEG1' }]);
  });

  test('a line that ends after its coordinates, or with CR LF; a file without END', async () => {
    const line = atom({ end: '' }).trimEnd();
    for (const text of [line, `${line}\n`, `${line}\r\n`, `${line}\r\nEND\r\n`]) {
      const { topology, trajectory, problems } = await openText(text);
      expect(topology.atoms).toEqual([{ name: 'CA', element: 'C', serial: 1, residue: 0 }]);
      expect([...(await trajectory!.frame(0)).positions]).toEqual([0.1, 0.2, 0.3].map(Math.fround));
      expect(problems).toEqual([]);
    }
  });

  test('residue names in four columns, names in four columns', async () => {
    const { atoms, residues } = await columnsOf(atom({ name: 'HO5T', residue: 'TIP3', chain: 'W' }));
    expect(atoms[0]!.name).toBe('HO5T');
    expect(residues[0]!.name).toBe('TIP3');
  });

  test('an element that is missing, or none, is told from the names', async () => {
    const given = [
      [' CA', 'ALA', ''],
      ['CA', 'CA', ''],
      ['HB11', 'ILE', ''],
      [' OW', 'SOL', ''],
      ['ZN', 'ZN', 'X'],
      [' D', 'ALA', ' D'],
      ['CL', 'LIG', 'CL'],
    ];
    const lines = given.map(([name, residue, element], index) =>
      atom({ name: name!, residue: residue!, number: index, end: element ? `${' '.repeat(22)}${element}` : '' }),
    );
    const { atoms } = await columnsOf(lines.join(''));
    expect(atoms.map(({ element }) => element)).toEqual(['C', 'Ca', 'H', 'O', 'Zn', 'D', 'Cl']);
  });

  test.each([
    ['2+', 2],
    ['1-', -1],
    ['+2', 2],
    ['-1', -1],
    ['0', 0],
    ['++', undefined],
    ['', undefined],
  ])('the charge "%s"', async (text, charge) => {
    const { atoms } = await columnsOf(atom({ end: `  1.00  0.00           N${text}` }));
    expect(atoms[0]!.charge).toBe(charge);
  });

  test('numbers beyond their columns', async () => {
    const { atoms, residues } = await columnsOf(
      atom({ serial: 99_999, number: 9999 }) + atom({ serial: 'A0000', number: 'A000' }),
    );
    expect(atoms.map(({ serial }) => serial)).toEqual([99_999, 100_000]);
    expect(residues.map(({ number }) => number)).toEqual([9999, 10_000]);
  });

  test('where VMD ran out of columns, residues are told apart by what their atoms are called', async () => {
    const water = (number: string) =>
      [' OH2', ' H1', ' H2'].map((name) => atom({ serial: '*****', name, residue: 'TIP3', number })).join('');
    const { residues, atoms } = await columnsOf(water('ffff') + water('****') + water('****'));
    expect(residues).toHaveLength(3);
    expect(atoms.map(({ serial }) => serial)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test.each([
    ['CRYST1   10.000   20.000   30.000  90.00  90.00 120.00 P 1           1', [1, 2, 3, 90, 90, 120]],
    ['CRYST1   10.000   20.000   30.000', [1, 2, 3, 90, 90, 90]],
    ['CRYST1   10.000   20.000   30.000  90.00  90.00  90.00', [1, 2, 3, 90, 90, 90]],
    ['CRYST1    1.000    1.000    1.000  90.00  90.00  90.00 P 1           1', undefined],
    ['CRYST1    0.000    0.000    0.000  90.00  90.00  90.00 P 1           1', undefined],
    ['CRYST1   10.000   20.000', undefined],
    ['CRYST1   garbage', undefined],
    ['', undefined],
  ])('the cell of "%s"', async (record, expected) => {
    const { trajectory } = await openText(`${record}\n${atom({})}`);
    const { cell } = await trajectory!.frame(0);
    expect(trajectory!.holds.cell).toBe(expected !== undefined);
    if (!expected) expect(cell).toBeUndefined();
    else {
      const { lengths, angles } = shapeOfCell(cell!);
      for (const [i, value] of [...lengths, ...angles].entries()) expect(value).toBeCloseTo(expected[i]!, 9);
    }
  });
});

describe('residues and chains', () => {
  test('a residue ends with its number, insertion code or name; a chain with its identifier, segment or TER', async () => {
    const { residues, chains, atoms } = await columnsOf(
      [
        atom({ number: 1 }),
        atom({ number: 1, insertion: 'A' }),
        atom({ number: 2, residue: 'GLY' }),
        atom({ number: 2, residue: 'SER' }),
        'TER\n',
        atom({ number: 2, residue: 'SER' }),
        atom({ chain: 'B' }),
        atom({ chain: 'A', record: 'HETATM' }),
        atom({ chain: 'A', end: '  1.00  0.00      SEGA' }),
      ].join(''),
    );
    expect(atoms.map(({ residue }) => residue)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(residues.map(({ chain }) => chain)).toEqual([0, 0, 0, 0, 1, 2, 3, 4]);
    expect(chains.map(({ id, segment }) => id + segment)).toEqual(['A', 'A', 'B', 'A', 'ASEGA']);
    expect(residues.map(({ hetero }) => hetero).indexOf(true)).toBe(6);
  });

  test('the first location of each atom is kept, in every frame', async () => {
    const model = (shift: number) =>
      [
        atom({ serial: 1, name: ' N', xyz: [shift, 0, 0] }),
        atom({ serial: 2, name: ' CA', alternate: 'A', xyz: [shift, 1, 0], end: '  0.30' }),
        atom({ serial: 3, name: ' CA', alternate: 'B', xyz: [shift, 2, 0], end: '  0.70' }),
        atom({ serial: 4, name: ' CB', alternate: 'B', xyz: [shift, 3, 0] }),
        atom({ serial: 5, name: ' CB', alternate: 'A', xyz: [shift, 4, 0] }),
        atom({ serial: 6, name: ' CA', number: 2, xyz: [shift, 5, 0] }),
      ].join('');
    const text = `MODEL 1\n${model(1)}ENDMDL\nMODEL 2\n${model(2)}ENDMDL\nCONECT    3    5\nEND\n`;
    const { topology, trajectory, problems } = await openText(text);
    expect(problems).toEqual([]);
    expect(topology.atoms.map(({ name, alternate }) => name + (alternate ?? ''))).toEqual(['N', 'CAA', 'CBB', 'CA']);
    expect(topology.atoms[1]!.occupancy).toBe(0.3);
    // A bond between locations that were left out is one between the atoms.
    expect(topology.bonds).toEqual([[1, 2]]);
    for (const k of [0, 1]) {
      const { positions } = await trajectory!.frame(k);
      expect([...positions]).toEqual(
        [k + 1, 0, 0, k + 1, 1, 0, k + 1, 3, 0, k + 1, 5, 0].map((x) => Math.fround(x / 10)),
      );
    }
  });

  test('of a point mutation the first residue is kept', async () => {
    const { names, residues } = await columnsOf(
      [
        atom({ name: ' CA', alternate: 'A', residue: 'PRO' }),
        atom({ name: ' CD', alternate: 'A', residue: 'PRO' }),
        atom({ name: ' CA', alternate: 'B', residue: 'SER' }),
        atom({ name: ' OG', alternate: 'B', residue: 'SER' }),
        atom({ name: ' CA', number: 2 }),
      ].join(''),
    );
    expect(names).toEqual(['CA', 'CD', 'CA']);
    expect(residues.map(({ name }) => name)).toEqual(['PRO', 'ALA']);
  });

  test('atoms with the same name are all kept where no location tells them apart', async () => {
    const { names } = await columnsOf(atom({ name: ' H' }).repeat(4));
    expect(names).toEqual(['H', 'H', 'H', 'H']);
  });

  test('a residue of a hundred thousand locations takes no hundred thousand squared steps', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => atom({ name: i.toString(36), alternate: 'A' }));
    const started = performance.now();
    expect((await columnsOf(lines.join(''))).names).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('bonds', () => {
  const three = [1, 2, 3].map((serial) => atom({ serial, name: ` C${serial}` })).join('');

  test('each once, sorted, whatever repeats them', async () => {
    const { bonds, problems } = await columnsOf(
      `${three}CONECT    2    3    3    1\nCONECT    1    2\nCONECT    1    1\n`,
    );
    expect(bonds).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(problems).toEqual([]);
  });

  test('those with atoms that are not there, or of which there are two, are left out with a word', async () => {
    const { bonds, problems } = await columnsOf(
      `${three}${atom({ serial: 3, name: ' C4' })}CONECT    1    2    3    9\nCONECT    x    2\n`,
    );
    expect(bonds).toEqual([[0, 1]]);
    expect(problems.map(({ message }) => message)).toEqual([
      '1 bonds of CONECT records of `a.pdb` are left out: they name atoms that are not there.',
      '1 bonds of CONECT records of `a.pdb` are left out: several atoms have the number they name.',
    ]);
  });

  test('serial numbers beyond their columns, and 0', async () => {
    const { bonds } = await columnsOf(
      `${atom({ serial: 0 })}${atom({ serial: 'A0001' })}CONECTA0001    0\nCONECT    0A0001\n`,
    );
    expect(bonds).toEqual([[0, 1]]);
  });
});

describe('models', () => {
  const model = (shift: number, atoms = 2) =>
    Array.from({ length: atoms }, (_, i) => atom({ serial: i + 1, number: i, xyz: [shift, i, 0] })).join('');
  const firsts = async (text: string) => {
    const { trajectory, problems } = await openText(text);
    const found: number[] = [];
    for (let k = 0; k < trajectory!.frames; k++) {
      found.push(Math.round(10 * (await trajectory!.frame(k)).positions[0]!));
    }
    return { found, problems };
  };

  test.each([
    ['MODEL and ENDMDL', `MODEL        1\n${model(1)}TER\nENDMDL\nMODEL        2\n${model(2)}TER\nENDMDL\nEND\n`],
    ['END alone, as VMD does', `${model(1)}END\n${model(2)}END\n`],
    ['both', `MODEL 1\n${model(1)}ENDMDL\nEND\nMODEL 2\n${model(2)}ENDMDL\nEND   \n`],
    ['MODEL alone', `MODEL 1\n${model(1)}MODEL 2\n${model(2)}`],
    ['ENDMDL alone, and empty models', `${model(1)}ENDMDL\nENDMDL\nMODEL\nENDMDL\n${model(2)}ENDMDL\n`],
  ])('parted by %s', async (_, text) => {
    expect(await firsts(text)).toEqual({ found: [1, 2], problems: [] });
    expect(await firsts(text.replaceAll('\n', '\r\n'))).toEqual({ found: [1, 2], problems: [] });
  });

  test('one of another size ends the trajectory', async () => {
    const { found, problems } = await firsts(`${model(1)}END\n${model(2)}END\n${model(3, 3)}END\n${model(4)}END\n`);
    expect(found).toEqual([1, 2]);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.message).toMatch(/^Model 3 of `a.pdb` has 3 atom lines where the first has 2/);
  });

  test('each has the cell before it, or the first one', async () => {
    const cell = (length: number) => `CRYST1${length.toFixed(3).padStart(9).repeat(3)}\n`;
    const { trajectory } = await openText(
      `${cell(10)}MODEL 1\n${model(1)}ENDMDL\nMODEL 2\n${model(2)}ENDMDL\n${cell(30)}MODEL 3\n${model(3)}ENDMDL\n` +
        `MODEL 4\n${cell(1)}${model(4)}ENDMDL\n`,
    );
    const lengths: (number | undefined)[] = [];
    for (let k = 0; k < 4; k++) lengths.push((await trajectory!.frame(k)).cell?.[0]);
    expect(lengths).toEqual([1, 1, 3, undefined]);
  });

  test('an earlier index spares the models between the first and the end', async () => {
    const text = `${Array.from({ length: 3000 }, (_, k) => `MODEL ${k}\n${model(k % 100, 8)}ENDMDL\n`).join('')}CONECT    1    2\n`;
    const bytes = bytesOf(text);
    const { trajectory: scanned } = await openPdb(memorySource('a.pdb', bytes));
    expect(scanned!.frames).toBe(3000);
    let read = 0;
    const counting: ByteSource = {
      name: 'a.pdb',
      size: bytes.length,
      read: async (offset, length) => {
        read += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    const { topology, trajectory } = await openPdb(counting, { index: scanned!.index! });
    expect(read).toBeLessThan(2000);
    expect(topology.bonds).toEqual([[0, 1]]);
    expect(trajectory!.frames).toBe(3000);
    expect(await trajectory!.frame(2345)).toEqual(await scanned!.frame(2345));
    for (const index of [[0, 700], [0, 5, 9], [0, 1e9], [0], [5, 9]]) {
      const again = await openPdb(memorySource('a.pdb', bytes), { index: Float64Array.from(index) });
      expect(again.trajectory!.index).toEqual(scanned!.index);
    }
  });

  test('a file larger than any block is never read whole', async () => {
    const text = `MODEL 1\n${model(1, 400)}ENDMDL\n`;
    const one = bytesOf(text);
    const copies = 2000;
    let largest = 0;
    const source: ByteSource = {
      name: 'large.pdb',
      size: one.length * copies,
      read: async (offset, length) => {
        largest = Math.max(largest, length);
        const bytes = new Uint8Array(Math.min(length, one.length * copies - offset));
        for (let at = 0; at < bytes.length; ) {
          const piece = one.subarray(
            (offset + at) % one.length,
            Math.min(one.length, ((offset + at) % one.length) + bytes.length - at),
          );
          bytes.set(piece, at);
          at += piece.length;
        }
        return bytes;
      },
    };
    const { trajectory } = await openPdb(source);
    expect(source.size).toBeGreaterThan(50e6);
    expect(trajectory!.frames).toBe(copies);
    expect((await trajectory!.frame(copies - 1)).positions).toEqual((await trajectory!.frame(0)).positions);
    expect(largest).toBeLessThanOrEqual(1 << 20);
  });

  test('time and step stand in titles', async () => {
    const { trajectory } = await openText(
      `TITLE     water t=   2.50000 step= 1250\n${model(1)}END\nTITLE     water\n${model(2)}END\n`,
    );
    expect(await trajectory!.frame(0)).toMatchObject({ time: 2.5, step: 1250 });
    expect(await trajectory!.frame(1)).not.toHaveProperty('time');
  });
});

describe('errors name the line', () => {
  test.each([
    ['HEADER nothing\n', '`a.pdb` cannot be read as PDB: it has no ATOM or HETATM record (line 1).'],
    ['', '`a.pdb` cannot be read as PDB: it has no ATOM or HETATM record (line 1).'],
    [
      `REMARK\n${atom({}).replace('   2.000', '********')}`,
      '`a.pdb` cannot be read as PDB: it has "********" in columns 39–46, where the atom\'s y should be (line 2).',
    ],
    [
      atom({}).replace('   1.000', '    1e99'),
      '`a.pdb` cannot be read as PDB: it has coordinates beyond all measure (line 1).',
    ],
    [
      `${atom({})}${atom({}).slice(0, 46)}\n`,
      "`a.pdb` cannot be read as PDB: it has nothing in columns 47–54, where the atom's z should be (line 2).",
    ],
  ])('%j', async (text, message) => {
    await expect(openText(text)).rejects.toThrow(ErgodicError);
    await expect(openText(text)).rejects.toThrow(message);
  });

  test('of a later frame, when it is read', async () => {
    const { trajectory } = await openText(`${atom({})}END\n${atom({}).replace('1.000', '  nan')}END\n`);
    await trajectory!.frame(0);
    await expect(trajectory!.frame(1)).rejects.toThrow(
      '`a.pdb` cannot be read as PDB: it has "     nan" in columns 31–38, where the atom\'s x should be (byte 71, frame 1).',
    );
    await expect(trajectory!.frame(2)).rejects.toThrow('`a.pdb` has 2 frames; there is no frame 2.');
    await expect(trajectory!.frame(0.5)).rejects.toThrow(ErgodicError);
  });

  test('opening stops with the signal', async () => {
    const opening = openPdb(memorySource('a.pdb', bytesOf(atom({}))), { signal: AbortSignal.abort('stop') });
    await expect(opening).rejects.toBe('stop');
  });
});

describe('damaged files', () => {
  test('of a file cut off anywhere the atoms before are read, and never half a coordinate', async () => {
    const bytes = new Uint8Array(readFileSync(new URL('gromacs.pdb', FIXTURES)));
    const whole = await readAll('a.pdb', bytes, trajectoryOf);
    let most = 0;
    for (let length = 0; length < bytes.length; length++) {
      const { frames, error } = await readAll('a.pdb', bytes.slice(0, length), trajectoryOf);
      expect(error === undefined).toBe(frames.length > 0);
      most = Math.max(most, frames.length);
      // Before its end the first model seems to have fewer atoms; nothing says that more should come.
      const numbers = frames[0]?.positions.length ?? 0;
      if (frames.length > 0) expect(frames[0]!.positions).toEqual(whole.frames[0]!.positions.slice(0, numbers));
      expect(frames.slice(1)).toEqual(whole.frames.slice(1, frames.length));
    }
    expect(most).toBe(3);
  });

  test('a last line that is cut off is left out with a word', async () => {
    const text = atom({}) + atom({ serial: 2, name: ' CB' });
    const { topology, problems } = await openText(text.slice(0, -14));
    expect(topology.atoms).toHaveLength(1);
    expect(problems[0]!.message).toBe('`a.pdb` ends in the middle of an atom, which is left out (line 2).');
  });

  test('thousands of changed bytes', async () => {
    const bytes = new Uint8Array(readFileSync(new URL('mdanalysis.pdb', FIXTURES)));
    const started = performance.now();
    const readable = await flipBytes('a.pdb', bytes, trajectoryOf, { copies: 3000 });
    expect(readable).toBeGreaterThan(1000);
    expect(performance.now() - started).toBeLessThan(40_000);
  });

  test.each([
    ['zeros', 0],
    ['spaces', 32],
    ['line breaks', 10],
    ['letters', 65],
  ])('a megabyte of %s', async (_, byte) => {
    const { error } = await readAll('a.pdb', new Uint8Array(1 << 20).fill(byte), trajectoryOf);
    expect(error).toBeInstanceOf(ErgodicError);
  });
});
