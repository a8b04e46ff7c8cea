/**
 * Bonds that a CIF states: the covalent ones of `_struct_conn` (mmCIF) and those of `_geom_bond` (small molecules)
 * between atoms that are there, so none to a symmetry image. Not here: metal coordination and hydrogen bonds, and
 * bonds that follow from the names of residues (systems/bonds.ts).
 */
import type { Bond, Topology } from '../../systems/topology.ts';
import { Names } from '../byte-text.ts';
import type { ValueKind } from './cif-parser.ts';
import { connectionField as at } from './tags.ts';
import { isNothing } from './values.ts';

/** An atom as a table of bonds names it. */
type AtomKey = string;
const keyOf = (chain: string, number: string, insertion: string, residue: string, atom: string): AtomKey =>
  [chain, number, insertion, residue, atom].join('\0');

export class BondTables {
  readonly #names = new Names();
  #row: string[] = [];
  readonly #connections: [AtomKey, AtomKey][] = [];
  readonly #geometry: [string, string][] = [];

  clear(): void {
    this.#row = [];
  }

  value(field: number, bytes: Uint8Array, from: number, to: number, kind: ValueKind): void {
    if (!isNothing(bytes, from, to, kind)) this.#row[field] = this.#names.at(bytes, from, to);
  }

  connection(): void {
    const row = this.#row;
    // "covale", "covale_base", …, "disulf", "modres".
    if (!/^(covale|disulf|modres)/i.test(row[at.conn_type_id] ?? '')) return;
    if ((row[at.ptnr1_symmetry] ?? '') !== (row[at.ptnr2_symmetry] ?? '')) return;
    const partner = (n: '1' | '2') =>
      keyOf(
        row[at[`ptnr${n}_auth_asym_id`]] ?? row[at[`ptnr${n}_label_asym_id`]] ?? '',
        row[at[`ptnr${n}_auth_seq_id`]] ?? row[at[`ptnr${n}_label_seq_id`]] ?? '',
        row[at[`pdbx_ptnr${n}_pdb_ins_code`]] ?? '',
        row[at[`ptnr${n}_auth_comp_id`]] ?? row[at[`ptnr${n}_label_comp_id`]] ?? '',
        row[at[`ptnr${n}_auth_atom_id`]] ?? row[at[`ptnr${n}_label_atom_id`]] ?? '',
      );
    this.#connections.push([partner('1'), partner('2')]);
  }

  geometry(): void {
    const [first, second, ...images] = [0, 1, 2, 3].map((field) => this.#row[field] ?? '');
    if (first && second && images.every((image) => image === '' || image === '1_555')) {
      this.#geometry.push([first, second]);
    }
  }

  /** `missing` counts the bonds with an atom that is not there. */
  bonds(topology: Topology, labels: ReadonlyMap<string, number>): { bonds: Bond[]; missing: number } {
    const bonds: Bond[] = [];
    let missing = 0;
    for (const [a, b] of this.#geometry) {
      const [first, second] = [labels.get(a), labels.get(b)];
      // Disorder groups that were left out have bonds, too.
      if (first !== undefined && second !== undefined) bonds.push([first, second]);
    }
    if (this.#connections.length === 0) return { bonds, missing };
    const wanted = new Map<AtomKey, number>();
    for (const pair of this.#connections) for (const key of pair) wanted.set(key, -1);
    for (const [index, { name, residue }] of topology.atoms.entries()) {
      const { name: residueName, number, insertion, chain } = topology.residues[residue]!;
      const key = keyOf(topology.chains[chain]!.id, String(number), insertion, residueName, name);
      if (wanted.get(key) === -1) wanted.set(key, index);
    }
    for (const [a, b] of this.#connections) {
      const [first, second] = [wanted.get(a)!, wanted.get(b)!];
      if (first < 0 || second < 0) missing++;
      else bonds.push([first, second]);
    }
    return { bonds, missing };
  }
}
