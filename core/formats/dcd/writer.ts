/**
 * Writes DCD as CHARMM 24 with the cell as lengths and cosines, little-endian with 32-bit markers: what every program
 * reads. Positions are single precision Å. DCD has one clock for the whole file (first step, steps per frame, time
 * step), so frames must be evenly spaced; it is known after the last frame and patched into the head then.
 * DCD has no velocities, forces and energies, and no orientation of the cell: a frame whose cell lies otherwise than
 * a along x and b in the xy plane is turned until it does.
 */
import { ErgodicError } from '../../errors.ts';
import { inStandardOrientation } from '../../systems/periodic/cell-orientation.ts';
import { AKMA_TIME, ANGSTROM } from '../../units.ts';
import type { Frame, TrajectoryWriter } from '../trajectory.ts';
import { dcdClock } from './clock.ts';

export interface DcdWriterOptions {
  readonly atoms: number;
  /** ps between frames, for frames that have no times. */
  readonly timeStep?: number;
  /** Whether frames have a periodic cell; one that lacks it then gets zeros. */
  readonly cell: boolean;
}

const VERSION = 24;
const COUNTS_BYTES = 84;
const CELL_BYTES = 48;
const TITLE_LINE = 80;
const TITLE = ['Created by Ergodic', 'REMARKS positions in Angstrom'];
const PER_NANOMETRE = 1 / ANGSTROM;

export function dcdWriter({ atoms, timeStep, cell: hasCell }: DcdWriterOptions): TrajectoryWriter {
  if (!(Number.isInteger(atoms) && atoms > 0 && atoms < 2 ** 29)) {
    throw new ErgodicError(`A DCD file holds 1 to 2^29 − 1 atoms, not ${atoms}.`);
  }
  const clock = dcdClock(timeStep);
  return {
    head: () => {
      const title = new Uint8Array(4 + TITLE_LINE * TITLE.length).fill(0x20);
      new DataView(title.buffer).setInt32(0, TITLE.length, true);
      TITLE.forEach((line, i) => {
        title.set(new TextEncoder().encode(line), 4 + TITLE_LINE * i);
      });
      const counts = new DataView(new ArrayBuffer(COUNTS_BYTES));
      for (const [i, letter] of [...'CORD'].entries()) counts.setUint8(i, letter.charCodeAt(0));
      counts.setInt32(12, 1, true);
      counts.setFloat32(40, (timeStep ?? 0) / AKMA_TIME, true);
      counts.setInt32(44, Number(hasCell), true);
      counts.setInt32(80, VERSION, true);
      const atomCount = new Uint8Array(Int32Array.of(atoms).buffer);
      return records([new Uint8Array(counts.buffer), title, atomCount]);
    },
    frame: (frame) => {
      if (frame.positions.length !== 3 * atoms) {
        throw new ErgodicError(`A frame of ${frame.positions.length / 3} atoms cannot go into a DCD file of ${atoms}.`);
      }
      if (frame.cell && !hasCell) {
        throw new ErgodicError(
          'A frame has a periodic cell where those before it have none, and DCD has one for each frame or for none: write XTC.',
        );
      }
      clock.tick(frame);
      const { cell, positions } = frame.cell ? inStandardOrientation(frame.cell, frame.positions) : frame;
      const axes = [0, 1, 2].map((axis) => {
        const values = new DataView(new ArrayBuffer(4 * atoms));
        for (let i = 0; i < atoms; i++) values.setFloat32(4 * i, positions[3 * i + axis]! * PER_NANOMETRE, true);
        return new Uint8Array(values.buffer);
      });
      return records(hasCell ? [cellRecord(cell), ...axes] : axes);
    },
    end: () => {
      const { frames, firstStep, stepsPerFrame, timeStep } = clock.reading();
      const counts = new DataView(new ArrayBuffer(16));
      // The last of them, the steps of the whole run, may exceed 32 bits where the others do not; nobody reads it.
      const steps = Math.min(frames * stepsPerFrame, 2 ** 31 - 1);
      [frames, firstStep, stepsPerFrame, steps].forEach((value, i) => {
        counts.setInt32(4 * i, value, true);
      });
      const delta = new DataView(new ArrayBuffer(4));
      delta.setFloat32(0, timeStep / AKMA_TIME, true);
      return {
        tail: new Uint8Array(),
        patches: [
          { offset: 8, bytes: new Uint8Array(counts.buffer) },
          { offset: 44, bytes: new Uint8Array(delta.buffer) },
        ],
      };
    },
  };
}

/** a, cos γ, b, cos β, cos α, c in Å. */
function cellRecord(cell: Frame['cell']): Uint8Array {
  const record = new DataView(new ArrayBuffer(CELL_BYTES));
  if (cell) {
    const [a, b, c] = [0, 3, 6].map((i) => cell.slice(i, i + 3)) as [number[], number[], number[]];
    const dot = (u: number[], v: number[]) => u[0]! * v[0]! + u[1]! * v[1]! + u[2]! * v[2]!;
    const length = (v: number[]) => Math.sqrt(dot(v, v));
    const cosine = (u: number[], v: number[]) => dot(u, v) / (length(u) * length(v));
    const numbers = [length(a), cosine(a, b), length(b), cosine(a, c), cosine(b, c), length(c)];
    numbers.forEach((value, i) => {
      record.setFloat64(8 * i, [0, 2, 5].includes(i) ? value * PER_NANOMETRE : value, true);
    });
  }
  return new Uint8Array(record.buffer);
}

/** Each between two markers that repeat its length. */
function records(contents: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(contents.reduce((sum, content) => sum + content.length + 8, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const content of contents) {
    view.setUint32(offset, content.length, true);
    bytes.set(content, offset + 4);
    view.setUint32(offset + 4 + content.length, content.length, true);
    offset += content.length + 8;
  }
  return bytes;
}
