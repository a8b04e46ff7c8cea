/**
 * Writes GRO: names, positions, velocities where a frame has them, and the box, frame after frame. Numbers beyond
 * 99,999 begin again at 0, as GROMACS writes them. Chains, elements and bonds have no place in it.
 */
import { ErgodicError } from '../../errors.ts';
import type { Cell } from '../../systems/periodic/cell.ts';
import type { Topology } from '../../systems/topology.ts';
import { titleOfTime } from '../title-time.ts';
import type { Coordinates, Frame, TrajectoryWriter } from '../trajectory.ts';

export interface GroWriterOptions {
  readonly title?: string;
  /** Of positions in nm; 3 unless given, as GROMACS does by default. Velocities have one more. */
  readonly decimals?: number;
}

const WRAP = 100_000;

export function groWriter(
  topology: Topology,
  { title = 'Ergodic', decimals = 3 }: GroWriterOptions = {},
): TrajectoryWriter {
  const { atoms, residues } = topology;
  const names = atoms.map((atom, atomIndex) => {
    const { name, number } = residues[atom.residue]!;
    const residueNumber = String(((number % WRAP) + WRAP) % WRAP).padStart(5);
    return (
      (number < 0 && number > -10_000 ? String(number).padStart(5) : residueNumber) +
      inColumns(name, 'residue name').padEnd(5) +
      inColumns(atom.name, 'atom name').padStart(5) +
      String((atomIndex + 1) % WRAP).padStart(5)
    );
  });
  const width = decimals + 5;

  const number = (numbers: Coordinates, index: number, digits: number): string => {
    const text = numbers[index]!.toFixed(digits);
    if (text.length <= width && Number.isFinite(numbers[index])) return text.padStart(width);
    throw new ErgodicError(
      `Atom ${Math.floor(index / 3) + 1} has ${text}, which does not fit the ${width} columns of GRO: write mmCIF instead.`,
    );
  };

  return {
    head: () => new Uint8Array(),
    frame(frame: Frame): Uint8Array {
      const { positions, velocities, cell } = frame;
      if (positions.length !== 3 * atoms.length) {
        throw new ErgodicError(`A frame of ${positions.length / 3} atoms cannot be written for ${atoms.length}.`);
      }
      const heading = `${title.replace(/\s+/g, ' ')} ${titleOfTime(frame)}`.trimEnd();
      const lines = [`${heading}\n${String(atoms.length).padStart(5)}\n`];
      for (let atom = 0; atom < atoms.length; atom++) {
        lines.push(names[atom]!);
        for (let i = 3 * atom; i < 3 * atom + 3; i++) lines.push(number(positions, i, decimals));
        if (velocities) for (let i = 3 * atom; i < 3 * atom + 3; i++) lines.push(number(velocities, i, decimals + 1));
        lines.push('\n');
      }
      lines.push(box(cell));
      return new TextEncoder().encode(lines.join(''));
    },
    end: () => ({ tail: new Uint8Array(), patches: [] }),
  };
}

/** The diagonal, and the rest where there is one; zeros for no cell. */
function box(cell: Cell | undefined): string {
  const [ax, ay, az, bx, by, bz, cx, cy, cz] = cell ?? [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const skew = [ay!, az!, bx!, bz!, cx!, cy!];
  const numbers = skew.every((value) => value === 0) ? [ax!, by!, cz!] : [ax!, by!, cz!, ...skew];
  return `${numbers.map((value) => ` ${value.toFixed(5).padStart(9)}`).join('')}\n`;
}

function inColumns(name: string, what: string): string {
  if (name.length <= 5) return name.replace(/[^\x20-\x7e]/g, '?');
  throw new ErgodicError(
    `The ${what} \`${name}\` is longer than the five columns GRO has for it: write mmCIF instead.`,
  );
}
