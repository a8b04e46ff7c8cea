/**
 * Which array of an NPZ archive is what, and in which units, by the names people give them. Nobody states units: they
 * are those the caller states, else those of a known data set, else nm and kJ/mol.
 */
import { ANGSTROM, ELECTRONVOLT, KILOCALORIE } from '../../units.ts';

export type ArrayRole = 'positions' | 'velocities' | 'forces' | 'energy' | 'cell' | 'time' | 'numbers';

/** In the order in which they are believed. */
const NAMES: Readonly<Record<ArrayRole, readonly string[]>> = {
  positions: [
    'positions',
    'position',
    'xyz',
    'coords',
    'coordinates',
    'pos',
    'trajectory',
    'traj',
    'R',
    'x',
    'X',
    'arr_0',
  ],
  velocities: ['velocities', 'velocity', 'vel', 'V', 'v'],
  forces: ['forces', 'force', 'F', 'f'],
  energy: ['energies', 'energy', 'potential_energy', 'potential', 'E', 'U'],
  cell: ['cell', 'box', 'unitcell_vectors', 'box_vectors'],
  time: ['time', 'times', 't'],
  numbers: ['z', 'Z', 'nuclear_charges', 'atomic_numbers', 'numbers'],
};

/** Names of arrays that may be this, without ".npy". */
export const candidates = (role: ArrayRole, names: ReadonlySet<string>): string[] =>
  NAMES[role].filter((name) => names.has(name));

export interface NpzUnits {
  readonly length?: 'nm' | 'angstrom';
  readonly energy?: 'kJ/mol' | 'kcal/mol' | 'eV';
}

export interface UnitFactors {
  /** To nm, kJ/mol. */
  readonly length: number;
  readonly energy: number;
  /** Whether somebody said what lengths are. */
  readonly stated: boolean;
}

const ENERGIES = { 'kJ/mol': 1, 'kcal/mol': KILOCALORIE, eV: ELECTRONVOLT };

/** MD17 (sgdml.org) and its revision (Christensen and von Lilienfeld, 2020): Å and kcal/mol. */
const DATA_SETS = [
  ['R', 'z', 'E', 'F'],
  ['coords', 'nuclear_charges', 'energies', 'forces'],
];

export function unitsOf(names: ReadonlySet<string>, stated: NpzUnits = {}): UnitFactors {
  const isKnown = DATA_SETS.some((dataSet) => dataSet.every((name) => names.has(name)));
  const { length = isKnown ? 'angstrom' : 'nm', energy = isKnown ? 'kcal/mol' : 'kJ/mol' } = stated;
  return {
    length: length === 'angstrom' ? ANGSTROM : 1,
    energy: ENERGIES[energy],
    stated: isKnown || stated.length !== undefined,
  };
}

/** Far more than any two neighbours have, of atoms or of beads, nm; and far less. */
const FARTHEST = 0.6;
const NEAREST = 0.05;
const MOST_ATOMS = 500;

/** A sentence where the nearest two of the first atoms are so far apart, or so near, that the unit must be another. */
export function doubtOfLength(positions: ArrayLike<number>, { length, stated }: UnitFactors): string | undefined {
  const atoms = Math.min(positions.length / 3, MOST_ATOMS);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < atoms; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y, z] = [0, 1, 2].map((axis) => positions[3 * i + axis]! - positions[3 * j + axis]!);
      least = Math.min(least, Math.hypot(x!, y!, z!));
    }
  }
  const found = `its two nearest atoms are ${Number(least.toPrecision(3))} nm apart`;
  if (length === 1 && !stated && least > FARTHEST && Number.isFinite(least))
    return `${found} if its lengths are nm, so these look like Å`;
  if (length !== 1 && least > 0 && least < NEAREST) return `${found} if its lengths are Å, so these look like nm`;
  return undefined;
}
