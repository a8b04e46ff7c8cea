/**
 * Writes extended XYZ: species, positions, velocities and forces where a frame has them, cell, energy, time and step;
 * in Å, eV, fs as xyz.ts reads them. Single precision is written with nine digits, which keep it to the last bit.
 */
import { ErgodicError } from '../../errors.ts';
import type { Topology } from '../../systems/topology.ts';
import { ANGSTROM, ELECTRONVOLT, FEMTOSECOND } from '../../units.ts';
import type { Coordinates, Frame, TrajectoryWriter } from '../trajectory.ts';

/** What a number in nm, ps, kJ/mol is multiplied with. */
const POSITION = 1 / ANGSTROM;
const VELOCITY = FEMTOSECOND / ANGSTROM;
const FORCE = ANGSTROM / ELECTRONVOLT;
const SINGLE_DIGITS = 9;
/** One less than a double has: 0.3 · 10 is 3, and not 3.0000000000000004. */
const DOUBLE_DIGITS = 16;

export function xyzWriter({ atoms }: Topology): TrajectoryWriter {
  const species = atoms.map(({ element, name }) => element || name.replace(/\s+/g, '_') || 'X');
  let frames = 0;
  return {
    head: () => new Uint8Array(),
    frame: (frame) => {
      const { positions, velocities, forces } = frame;
      if (positions.length !== 3 * atoms.length) {
        throw new ErgodicError(
          `A frame of ${positions.length / 3} atoms cannot go into an XYZ file of ${atoms.length}.`,
        );
      }
      const columns = [
        vectors(positions, POSITION, `position`, frames),
        ...(velocities ? [vectors(velocities, VELOCITY, 'velocity', frames)] : []),
        ...(forces ? [vectors(forces, FORCE, 'force', frames)] : []),
      ];
      const lines = species.map((symbol, atom) => [symbol, ...columns.map((column) => column(atom))].join(' '));
      frames++;
      return new TextEncoder().encode(`${atoms.length}\n${comment(frame)}\n${lines.join('\n')}\n`);
    },
    end: () => ({ tail: new Uint8Array(), patches: [] }),
  };
}

function comment({ velocities, forces, cell, energy, time, step }: Frame): string {
  const properties = `species:S:1:pos:R:3${velocities ? ':velo:R:3' : ''}${forces ? ':forces:R:3' : ''}`;
  return [
    ...(cell ? [`Lattice="${cell.map((x) => text(x * POSITION, DOUBLE_DIGITS)).join(' ')}"`] : []),
    `Properties=${properties}`,
    ...(energy === undefined ? [] : [`energy=${text(energy / ELECTRONVOLT, DOUBLE_DIGITS)}`]),
    ...(time === undefined ? [] : [`time=${text(time / FEMTOSECOND, DOUBLE_DIGITS)}`]),
    ...(step === undefined ? [] : [`step=${step}`]),
    `pbc="${cell ? 'T T T' : 'F F F'}"`,
  ].join(' ');
}

const text = (value: number, digits: number): string => String(Number(value.toPrecision(digits)));

function vectors(values: Coordinates, factor: number, what: string, frame: number): (atom: number) => string {
  const digits = values instanceof Float32Array ? SINGLE_DIGITS : DOUBLE_DIGITS;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const atom = Math.floor(bad / 3);
    throw new ErgodicError(`Frame ${frame} cannot be written as XYZ: a ${what} of atom ${atom} is ${values[bad]}.`);
  }
  return (atom) => [0, 1, 2].map((axis) => text(values[3 * atom + axis]! * factor, digits)).join(' ');
}
