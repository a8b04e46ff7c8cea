import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAll } from '../../../build/damage.ts';
import { askPython } from '../../../build/python-peers.ts';
import { ErgodicError } from '../../errors.ts';
import { cellFromShape, shapeOfCell } from '../../systems/periodic/cell.ts';
import { openDcd } from '../dcd.ts';
import type { Frame } from '../trajectory.ts';
import { type DcdWriterOptions, dcdWriter } from './writer.ts';

const ATOMS = 4;

function written(frames: readonly Frame[], options: Partial<DcdWriterOptions> = {}): Uint8Array {
  const writer = dcdWriter({ atoms: ATOMS, cell: true, ...options });
  const parts = [writer.head(), ...frames.map((frame) => writer.frame(frame))];
  const { tail, patches } = writer.end();
  const bytes = Uint8Array.from(Buffer.concat([...parts, tail]));
  for (const patch of patches) bytes.set(patch.bytes, patch.offset);
  return bytes;
}

const positionsOf = (index: number) =>
  Float32Array.from({ length: 3 * ATOMS }, (_, i) => Math.sin(1.7 * i + index) * (i === 5 ? 30 : 1));

const triclinic = cellFromShape({ lengths: [2, 2.1, 2.2], angles: [80, 95, 110] })!;
const frames = (count: number, each: (index: number) => Omit<Frame, 'positions'>): Frame[] =>
  Array.from({ length: count }, (_, index) => ({ positions: positionsOf(index), ...each(index) }));

const clocks: Record<string, Frame[]> = {
  'steps and times': frames(5, (i) => ({ step: 1000 + 500 * i, time: 2 + i })),
  'times only': frames(5, (i) => ({ time: 0.5 + i })),
  'times from 0': frames(5, (i) => ({ time: 0.2 * i })),
  'times of single precision': frames(5, (i) => ({ time: Math.fround(12345.6 + 0.1 * i) })),
  'times of which steps know nothing': frames(5, (i) => ({ step: 7 * i, time: 100 + i })),
  'steps beyond 32 bits': frames(5, (i) => ({ step: 4e9 + 1000 * i, time: 8e6 + 2 * i })),
  'one frame': frames(1, () => ({ time: 7.25 })),
  'one frame at 0': frames(1, () => ({ time: 0, step: 0 })),
};

test.each(Object.entries(clocks))('%s come back', async (_, expected) => {
  const { frames: found, problems } = await readAll('a.dcd', written(expected), openDcd);
  expect(problems).toEqual([]);
  expect(found).toHaveLength(expected.length);
  found.forEach((frame, index) => {
    expect(Math.abs(frame.time! - expected[index]!.time!)).toBeLessThan(1e-7 * frame.time! + 1e-9);
  });
  if (expected === clocks['steps and times'])
    expect(found.map(({ step }) => step)).toEqual([1000, 1500, 2000, 2500, 3000]);
});

test('the spacing that was given holds where frames have no times', async () => {
  const plain = await readAll(
    'a.dcd',
    written(
      frames(3, () => ({})),
      { timeStep: 0.5 },
    ),
    openDcd,
  );
  expect(plain.frames.map(({ time }) => time)).toEqual([0, 0.5, 1]);
  const counted = await readAll(
    'a.dcd',
    written(
      frames(3, (i) => ({ step: 50 * i })),
      { timeStep: 0.5 },
    ),
    openDcd,
  );
  expect(counted.frames.map(({ step, time }) => [step, time])).toEqual([
    [0, 0],
    [50, 0.5],
    [100, 1],
  ]);
  const unknown = await readAll('a.dcd', written(frames(2, () => ({}))), openDcd);
  expect(unknown.frames.map(({ time }) => time)).toEqual([undefined, undefined]);
});

test('positions and cells come back to the precision of the file', async () => {
  const expected = frames(3, (i) => ({ cell: triclinic.map((x) => x * (1 + 0.01 * i)), time: i }));
  const { frames: found } = await readAll('a.dcd', written(expected), openDcd);
  found.forEach(({ positions, cell }, index) => {
    positions.forEach((x, i) => {
      expect(Math.abs(x - expected[index]!.positions[i]!)).toBeLessThanOrEqual(1.2e-7 * Math.abs(x));
    });
    cell!.forEach((x, i) => {
      expect(x).toBeCloseTo(expected[index]!.cell![i]!, 14);
    });
  });
});

test('a file that was never finished is read all the same', async () => {
  const writer = dcdWriter({ atoms: ATOMS, cell: false, timeStep: 0.25 });
  const bytes = Buffer.concat([writer.head(), ...frames(3, () => ({})).map((frame) => writer.frame(frame))]);
  const { frames: found, problems } = await readAll('a.dcd', bytes, openDcd);
  expect(problems).toEqual([]);
  expect(found.map(({ time }) => time)).toEqual([0, 0.25, 0.5]);
});

test('a cell that nobody announced is refused, and not lost', () => {
  const writer = dcdWriter({ atoms: ATOMS, cell: false });
  const [bare, periodic] = frames(2, (i) => (i === 0 ? {} : { cell: [3, 0, 0, 0, 3, 0, 0, 0, 3] }));
  writer.frame(bare!);
  expect(() => writer.frame(periodic!)).toThrow(/has a periodic cell where those before it have none.*: write XTC/);
});

test('a cell in another orientation is turned, together with what is in it', async () => {
  // The symmetric shape matrix of CHARMM.
  const cell = [2, -0.4, -0.2, -0.4, 2.1, 0.3, -0.2, 0.3, 2.2];
  // One atom on each cell vector, one at the origin.
  const positions = Float32Array.from([0, 0, 0, ...cell]);
  for (const [name, vectors] of [
    ['right-handed', cell],
    ['left-handed', cell.with(6, 0.2).with(7, -0.3).with(8, -2.2)],
  ] as const) {
    const { frames: found } = await readAll(name, written([{ positions, cell: vectors }]), openDcd);
    const [first] = found as [Frame];
    const reach = (i: number) => Math.hypot(...first.positions.slice(3 * i, 3 * i + 3));
    for (const i of [0, 1, 2]) {
      expect(reach(i + 1)).toBeCloseTo(shapeOfCell(cell).lengths[i]!, 6);
      // Still the difference of two images.
      for (const x of [0, 1, 2]) expect(first.positions[3 * (i + 1) + x]).toBeCloseTo(first.cell![3 * i + x]!, 6);
    }
  }
});

test.each([
  ['uneven times', frames(3, (i) => ({ time: i * i })), /Frame 2 is at time 4, which does not follow evenly on 1/],
  ['times that stand still', frames(2, () => ({ time: 1 })), /Frame 1 is at time 1, which does not follow/],
  ['steps that go back', frames(2, (i) => ({ step: -i })), /Frame 1 is at step -1/],
  ['a time that is missing', frames(2, (i) => (i === 0 ? { time: 1 } : {})), /Frame 1 is at time unknown/],
  ['a time that comes late', frames(2, (i) => (i === 1 ? { time: 1 } : {})), /follow evenly on frames without one/],
  [
    'steps beyond 32 bits without times',
    frames(2, (i) => ({ step: 4e9 + i })),
    /Step 4000000001 is beyond the 32 bits/,
  ],
  [
    'another number of atoms',
    [{ positions: new Float32Array(9) }],
    /A frame of 3 atoms cannot go into a DCD file of 4/,
  ],
  ['a flat cell', frames(1, () => ({ cell: [1, 0, 0, 1, 0, 0, 0, 0, 1] })), /spans no volume/],
])('%s are refused with a sentence', (_, given, message) => {
  expect(() => written(given)).toThrow(message);
  expect(() => written(given)).toThrow(ErgodicError);
});

const scratch = mkdtempSync(join(tmpdir(), 'dcd-writer-'));
const cases: Record<string, { frames: Frame[]; cell: boolean }> = {
  triclinic: { cell: true, frames: frames(5, (i) => ({ step: 1000 + 500 * i, time: 2 + i, cell: triclinic })) },
  cube: { cell: true, frames: frames(3, (i) => ({ time: i, cell: [3, 0, 0, 0, 3, 0, 0, 0, 3] })) },
  vacuum: { cell: false, frames: frames(4, (i) => ({ time: 0.2 + 0.2 * i })) },
};
const script = `
import json
import MDAnalysis.coordinates.DCD as mda
from mdtraj.formats import DCDTrajectoryFile
answer = {}
for name in sys.argv[2].split(','):
    path = sys.argv[1] + '/' + name + '.dcd'
    with DCDTrajectoryFile(path) as file:
        xyz, lengths, angles = file.read()
    cell = lambda row: None if lengths is None else [*map(float, lengths[row]), *map(float, angles[row])]
    answer[name] = {'mdtraj': [{'xyz': xyz[i].ravel().tolist(), 'cell': cell(i)} for i in range(len(xyz))], 'mda': []}
    for ts in mda.DCDReader(path, convert_units=False):
        cell = None if ts.dimensions is None else ts.dimensions.tolist()
        answer[name]['mda'].append({'xyz': ts.positions.ravel().tolist(), 'cell': cell, 'time': ts.time})
print(json.dumps(answer))
`;
for (const [name, { frames: each, cell }] of Object.entries(cases)) {
  writeFileSync(join(scratch, `${name}.dcd`), written(each, { cell }));
}
interface Seen {
  readonly xyz: number[];
  readonly cell: number[] | null;
  readonly time?: number;
}
const answer = askPython(['mdtraj', 'MDAnalysis'], script, scratch, Object.keys(cases).join(',')) as
  | Record<string, Record<'mdtraj' | 'mda', Seen[]>>
  | undefined;
rmSync(scratch, { recursive: true });

test.skipIf(!answer)('mdtraj and MDAnalysis see the same positions, cells and times', () => {
  for (const [name, { frames: expected }] of Object.entries(cases)) {
    for (const program of ['mdtraj', 'mda'] as const) {
      const seen = answer![name]![program];
      expect(seen).toHaveLength(expected.length);
      seen.forEach(({ xyz, cell, time }, index) => {
        const frame = expected[index]!;
        expect(xyz).toEqual(Array.from(frame.positions, (x) => Math.fround(x * 10)));
        expect(cell === null).toBe(frame.cell === undefined);
        const shape = frame.cell && shapeOfCell(frame.cell);
        cell?.forEach((value, i) => {
          expect(value).toBeCloseTo(i < 3 ? shape!.lengths[i]! * 10 : shape!.angles[i - 3]!, 4);
        });
        // MDAnalysis multiplies the single precision time step.
        if (time !== undefined) expect(Math.abs(time - frame.time!)).toBeLessThanOrEqual(3e-7 * time);
      });
    }
  }
});
