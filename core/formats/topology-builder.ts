/**
 * Turns the atoms of a structure file, one row after the other, into a topology: rows with the same chain, number,
 * insertion code and name of residue are a residue; a chain goes on until its identifier, its segment or the reader
 * says otherwise, so one that comes back is another chain with the same identifier.
 * Where an atom has several alternate locations the first in the file is kept, as MDTraj does and as the first
 * usually has the highest occupancy; of residues that are two things at once (a point mutation) the first name is
 * kept. Not here: positions; `places` says which rows of a frame they come from.
 */
import type { Atom, Bond, Chain, Residue, Topology } from '../systems/topology.ts';

export interface AtomRow {
  name: string;
  element: string;
  serial: number;
  residueName: string;
  residueNumber: number;
  /** '' for none, as for everything that is a text. */
  insertion: string;
  chain: string;
  segment: string;
  hetero: boolean;
  alternate: string;
  type?: string | undefined;
  mass?: number | undefined;
  charge?: number | undefined;
  occupancy?: number | undefined;
  temperatureFactor?: number | undefined;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export class TopologyBuilder {
  readonly #atoms: Atom[] = [];
  readonly #residues: Residue[] = [];
  readonly #chains: Chain[] = [];
  #newChain = false;
  /** Atoms of the present residue by name; only once it turns out to have alternates. */
  #named: Map<string, number> | undefined;
  #residueStart = 0;
  #indices: number[] | undefined;
  #rows = 0;

  get atoms(): number {
    return this.#atoms.length;
  }

  /** The next row begins a chain. */
  endChain(): void {
    this.#newChain = true;
  }

  /** Index of the atom that the row belongs to; undefined where it is left out for good. */
  add(row: AtomRow): number | undefined {
    const before = this.#atoms.length;
    const atomIndex = this.#add(row);
    if (this.#atoms.length === before) this.skip();
    else {
      this.#indices?.push(before);
      this.#rows++;
    }
    return atomIndex;
  }

  /** A row that is no atom. */
  skip(): void {
    this.#indices ??= Array.from({ length: this.#rows }, (_, index) => index);
    this.#indices.push(-1);
    this.#rows++;
  }

  /** Row by row the index of its atom, −1 for none; undefined where rows and atoms are the same. */
  indices(): Int32Array | undefined {
    return this.#indices && Int32Array.from(this.#indices);
  }

  finish(bonds: Iterable<Bond> = []): Topology {
    return { atoms: this.#atoms, residues: this.#residues, chains: this.#chains, bonds: sortedBonds(bonds) };
  }

  #add(row: AtomRow): number | undefined {
    const atoms = this.#atoms;
    const residue = this.#residues.at(-1);
    const chain = this.#chains.at(-1);
    const sameChain = !this.#newChain && chain && chain.id === row.chain && chain.segment === row.segment;
    const sameNumber =
      sameChain && residue && residue.number === row.residueNumber && residue.insertion === row.insertion;
    if (!sameChain) this.#chains.push({ id: row.chain, segment: row.segment });
    if (sameNumber) {
      if (row.alternate !== '' || this.#named) {
        const first = this.#nameTable().get(row.name);
        if (first !== undefined && (atoms[first]!.alternate ?? '') !== row.alternate) return first;
      }
      if (residue.name !== row.residueName && row.alternate !== '') return undefined;
    }
    if (!sameNumber || residue.name !== row.residueName) {
      this.#residues.push({
        name: row.residueName,
        number: row.residueNumber,
        insertion: row.insertion,
        chain: this.#chains.length - 1,
        hetero: row.hetero,
      });
      this.#named = undefined;
      this.#residueStart = atoms.length;
    }
    this.#newChain = false;
    const atom: Draft<Atom> = {
      name: row.name,
      element: row.element,
      serial: row.serial,
      residue: this.#residues.length - 1,
    };
    if (row.type !== undefined) atom.type = row.type;
    if (row.mass !== undefined) atom.mass = row.mass;
    if (row.charge !== undefined) atom.charge = row.charge;
    if (row.alternate !== '') atom.alternate = row.alternate;
    if (row.occupancy !== undefined) atom.occupancy = row.occupancy;
    if (row.temperatureFactor !== undefined) atom.temperatureFactor = row.temperatureFactor;
    const atomIndex = atoms.push(atom) - 1;
    if (this.#named && !this.#named.has(row.name)) this.#named.set(row.name, atomIndex);
    return atomIndex;
  }

  #nameTable(): Map<string, number> {
    if (this.#named) return this.#named;
    this.#named = new Map();
    for (let atomIndex = this.#residueStart; atomIndex < this.#atoms.length; atomIndex++) {
      const { name } = this.#atoms[atomIndex]!;
      if (!this.#named.has(name)) this.#named.set(name, atomIndex);
    }
    return this.#named;
  }
}

/** Each once, the smaller index first, none from an atom to itself. */
export function sortedBonds(bonds: Iterable<Bond>): Bond[] {
  const sorted: Bond[] = [];
  for (const [a, b] of bonds) if (a !== b) sorted.push(a < b ? [a, b] : [b, a]);
  sorted.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return sorted.filter(([a, b], index) => index === 0 || sorted[index - 1]![0] !== a || sorted[index - 1]![1] !== b);
}
