/**
 * A trajectory to read and write: three thousand atoms of something like water, whose molecules move a little from
 * frame to frame, in memory. Not here: how fast anything is.
 */
import { memorySource } from '../../formats/byte-source.ts';
import type { Frame } from '../../formats/trajectory.ts';
import { openXtc, xtcWriter } from '../../formats/xtc.ts';
import { uniformSource } from '../../systems/toys/gaussian.ts';

const MOLECULES = 1000;
const ATOMS = 3 * MOLECULES;
const FRAMES = 20;

/** nm: of the box, between oxygen and hydrogen, and per frame. */
const BOX = 3.1;
const BOND = 0.1;
const STEP = 0.02;

function waterFrames(): Frame[] {
  const words = uniformSource(1);
  const random = () => words() / 2 ** 32;
  const oxygen = Float64Array.from({ length: 3 * MOLECULES }, () => BOX * random());
  return Array.from({ length: FRAMES }, (_, step): Frame => {
    const positions = new Float32Array(3 * ATOMS);
    for (let i = 0; i < oxygen.length; i++) {
      oxygen[i] = oxygen[i]! + STEP * (random() - 0.5);
      const [molecule, axis] = [Math.floor(i / 3), i % 3];
      for (const [atom, reach] of [0, BOND, BOND].entries()) {
        positions[9 * molecule + 3 * atom + axis] = oxygen[i]! + reach * (random() - 0.5);
      }
    }
    return { positions, step, time: step, cell: [BOX, 0, 0, 0, BOX, 0, 0, 0, BOX] };
  });
}

export interface XtcWork {
  /** Bytes of the file. */
  readonly bytes: number;
  write(): Uint8Array[];
  read(): Promise<void>;
}

export async function xtcWork(): Promise<XtcWork> {
  const frames = waterFrames();
  const write = () => {
    const writer = xtcWriter({ atoms: ATOMS, precision: 1000 });
    return [writer.head(), ...frames.map((frame) => writer.frame(frame)), writer.end().tail];
  };
  const bytes = Buffer.concat(write());
  const reader = await openXtc(memorySource('water.xtc', bytes));
  const read = async () => {
    for (let i = 0; i < reader.frames; i++) await reader.frame(i);
  };
  return { bytes: bytes.length, write, read };
}
