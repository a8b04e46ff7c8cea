/**
 * The rows of `_atom_site`: the topology from the first model, and where the rows of each model begin and end.
 * Chains, residues and atoms go by the names that authors gave (auth_…), as in PDB files and in MDTraj and OpenMM; the
 * names of the archive (label_…) take their place where there are none. A change of label_asym_id begins a chain too:
 * it parts ligands and water from the polymer with the same chain name, as TER does in PDB.
 * In small-molecule CIF all atoms are one residue without a name; of several disorder groups the first is kept.
 */
import { ErgodicError } from '../../errors.ts';
import { elementBySymbol, guessElement } from '../../systems/elements.ts';
import type { Topology } from '../../systems/topology.ts';
import { Names } from '../byte-text.ts';
import { type AtomRow, TopologyBuilder } from '../topology-builder.ts';
import type { Problem } from '../trajectory.ts';
import type { ValueKind } from './cif-parser.ts';
import { atomField as at, atomFields, isAtomText } from './tags.ts';
import { cifNumber, isNothing } from './values.ts';

const POINT = 46;

export class AtomTable {
  readonly problems: Problem[] = [];
  readonly #name: string;
  readonly #names = new Names();
  readonly #builder = new TopologyBuilder();
  readonly #texts: string[] = Array.from({ length: atomFields }, () => '');
  readonly #numbers = new Float64Array(atomFields);
  readonly #elements = new Map<string, Pick<AtomRow, 'element' | 'charge'>>();
  readonly #disorder = new Map<string, string>();
  readonly #labels = new Map<string, number>();
  #model = '';
  #models = 0;
  #rowsOfModel = 0;
  #rows = 0;
  #asym = '';
  #nameless = false;
  #nowhere = 0;
  #stopped = false;
  readonly boundaries: number[] = [];

  constructor(name: string) {
    this.#name = name;
    this.clear();
  }

  /** Rows of each model. */
  get rows(): number {
    return this.#rows;
  }

  get isEmpty(): boolean {
    return this.#models === 0;
  }

  /** Atoms of a small-molecule CIF by their labels. */
  get labels(): ReadonlyMap<string, number> {
    return this.#labels;
  }

  /** Forgets the values of the last row. */
  clear(): void {
    this.#texts.fill('');
    this.#nameless = false;
    this.#numbers.fill(Number.NaN);
  }

  value(field: number, bytes: Uint8Array, from: number, to: number, kind: ValueKind): void {
    // Of later models only their number matters here.
    if (this.#models > 1 && field !== at.pdbx_pdb_model_num) return;
    // "." is an author's word that the chain has no name, "?" is none at all.
    if (field === at.auth_asym_id) this.#nameless = bytes[from] === POINT && isNothing(bytes, from, to, kind);
    if (isNothing(bytes, from, to, kind)) return;
    if (isAtomText(field)) this.#texts[field] = this.#names.at(bytes, from, to);
    else this.#numbers[field] = cifNumber(bytes, from, to);
  }

  /** x, y, z of the last row in the file's numbers: Å or, `fractional`, parts of the cell. */
  position(fractional: boolean): [number, number, number] {
    const n = this.#numbers;
    return fractional
      ? [n[at.fract_x]!, n[at.fract_y]!, n[at.fract_z]!]
      : [n[at.cartn_x]!, n[at.cartn_y]!, n[at.cartn_z]!];
  }

  /** The values of a row are complete; it began at byte `offset`. */
  row(offset: number, fractional: boolean, line: number): void {
    const model = this.#texts[at.pdbx_pdb_model_num]!;
    if (this.#models === 0 || model !== this.#model) {
      this.endModel(offset);
      this.#models++;
      this.#model = model;
      this.#rowsOfModel = 0;
      if (this.#models === 1) this.boundaries.push(offset);
    }
    this.#rowsOfModel++;
    if (this.#models === 1) this.#firstModel(fractional, line);
  }

  /** The rows of the present model end before this byte. */
  endModel(offset: number): void {
    const rows = this.#rowsOfModel;
    this.#rowsOfModel = 0;
    if (rows === 0 || this.#stopped) return;
    if (this.#models === 1) this.#rows = rows;
    if (rows === this.#rows) this.boundaries.push(offset);
    else {
      const message =
        `Model ${this.#model} of \`${this.#name}\` has ${rows} atoms where the first has ${this.#rows}: ` +
        'only the models before it are read.';
      this.problems.push({ message, byte: this.boundaries.at(-1)! });
      this.#stopped = true;
    }
  }

  /** Topology without bonds, and the index of the atom of each row (undefined where they are the same). */
  finish(): { topology: Topology; indices: Int32Array | undefined } {
    if (this.#builder.atoms === 0) {
      const why = this.isEmpty ? 'it has no table _atom_site' : 'none of its atoms has coordinates';
      throw new ErgodicError(`\`${this.#name}\` cannot be read as mmCIF: ${why}.`);
    }
    if (this.#nowhere > 0) {
      const message = `${this.#nowhere} atoms of \`${this.#name}\` have no coordinates and are left out.`;
      this.problems.push({ message });
    }
    return { topology: this.#builder.finish(), indices: this.#builder.indices() };
  }

  #firstModel(fractional: boolean, line: number): void {
    const t = this.#texts;
    const n = this.#numbers;
    const group = t[at.disorder_group]!;
    const assembly = t[at.disorder_assembly]!;
    if (!this.position(fractional).every(Number.isFinite) || t[at.calc_flag] === 'dum') {
      this.#nowhere++;
      this.#builder.skip();
      return;
    }
    if (group !== '' && (this.#disorder.get(assembly) ?? group) !== group) {
      this.#builder.skip();
      return;
    }
    if (group !== '') this.#disorder.set(assembly, group);

    if (t[at.label_asym_id] !== this.#asym) this.#builder.endChain();
    this.#asym = t[at.label_asym_id]!;
    const name = t[at.auth_atom_id] || t[at.label_atom_id] || t[at.label]!;
    const residueName = t[at.auth_comp_id] || t[at.label_comp_id]!;
    const { element, charge } = this.#element(t[at.type_symbol]!, name, residueName);
    const stated = n[at.pdbx_formal_charge]!;
    const index = this.#builder.add({
      name,
      element,
      serial: whole(n[at.id]!, this.#rowsOfModel),
      residueName,
      residueNumber: whole(n[at.auth_seq_id]!, whole(n[at.label_seq_id]!, 1)),
      insertion: t[at.pdbx_pdb_ins_code]!,
      chain: t[at.auth_asym_id] || (this.#nameless ? '' : t[at.label_asym_id]!),
      segment: '',
      hetero: t[at.group_pdb] === 'HETATM',
      alternate: t[at.label_alt_id] || group,
      charge: Number.isFinite(stated) ? stated : charge,
      occupancy: finite(n[at.occupancy]!),
      temperatureFactor: finite(n[at.b_iso_or_equiv]!),
    });
    const label = t[at.label]!;
    if (index === undefined || label === '') return;
    if (!this.#labels.has(label)) this.#labels.set(label, index);
    else if (this.#labels.get(label) !== index) {
      const message = `Two atoms of \`${this.#name}\` are called ${label} (line ${line}).`;
      if (this.problems.length === 0) this.problems.push({ message, line });
    }
  }

  /** Of a type symbol as "Fe3+" or, without one, of the atom's name: "Ca1", as chemists write it, is no carbon. */
  #element(symbol: string, name: string, residueName: string): Pick<AtomRow, 'element' | 'charge'> {
    const key = `${symbol} ${name} ${residueName}`;
    let known = this.#elements.get(key);
    if (!known) {
      const [, letters = '', digits, sign] = /^([A-Za-z]{1,3})(\d*)([+-]?)/.exec(symbol) ?? [];
      const element = elementBySymbol(letters)?.symbol ?? elementOfLabel(name) ?? guessElement(name, residueName);
      known = sign ? { element, charge: (sign === '-' ? -1 : 1) * Number(digits || 1) } : { element };
      this.#elements.set(key, known);
    }
    return known;
  }
}

function elementOfLabel(name: string): string | undefined {
  const [letters] = /^[A-Z][a-z]/.exec(name) ?? [];
  return letters && elementBySymbol(letters)?.symbol;
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
const whole = (value: number, otherwise: number): number => (Number.isSafeInteger(value) ? value : otherwise);
