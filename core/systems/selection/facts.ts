/** What selections ask about the residues of a topology, found out once. */
import { residueAtoms } from '../residue-atoms.ts';
import { residueKind, residueTemplate } from '../residues.ts';
import type { Topology } from '../topology.ts';

export type Substance = 'protein' | 'rna' | 'dna' | 'water' | 'ion' | 'sugar' | 'other';

export interface Facts {
  readonly topology: Topology;
  /** Of each residue. */
  readonly substances: readonly Substance[];
  /** The name the PDB gives each residue, "HIS" for "HID", in upper case. */
  readonly parents: readonly string[];
  /** Of each atom, in upper case, with primes instead of asterisks. */
  readonly names: readonly string[];
  /** Whether each atom has a bond. */
  readonly bonded: Uint8Array;
}

/** Ions of several atoms; those of one are in the table of residues. */
const IONS = new Set('SO4 PO4 NO3 NH4 CO3 BCT ACT AZI SCN OH BF4 FMT CAC TMA'.split(' '));
/** The usual ones of glycans and of crystals; there are hundreds. */
const SUGARS = new Set(
  `GLC BGC GLA GAL MAN BMA NAG NDG NGA A2G FUC FUL FRU XYS XYP RIB ARA SIA SLB GCU BDP IDR IDS RAM GCS PA1 SUC TRE LAT MAL
   BOG AGLC BGLC AGLCNA BGLCNA AGAL BGAL AMAN BMAN AFUC BFUC ANE5AC`.split(/\s+/),
);

export function selectionIndex(topology: Topology): Facts {
  const names = topology.atoms.map(({ name }) => name.toUpperCase().replaceAll('*', "'"));
  const bonded = new Uint8Array(topology.atoms.length);
  for (const [i, j] of topology.bonds) {
    bonded[i] = 1;
    bonded[j] = 1;
  }
  const span = residueAtoms(topology);
  const substances = topology.residues.map(({ name, hetero }, residue) =>
    substanceOf(name.toUpperCase(), hetero, () => new Set(names.slice(span.start[residue], span.end[residue]))),
  );
  const parents = topology.residues.map(({ name }) => residueTemplate(name)?.name ?? name.toUpperCase());
  return { topology, substances, parents, names, bonded };
}

function substanceOf(name: string, hetero: boolean, atomNames: () => ReadonlySet<string>): Substance {
  const kind = residueKind(name);
  if (kind === 'protein' || kind === 'water' || kind === 'ion') return kind;
  if (kind === undefined && IONS.has(name)) return 'ion';
  if (kind === undefined && SUGARS.has(name)) return 'sugar';
  const atoms = atomNames();
  if (kind === undefined && atoms.has('CA') && atoms.has('C') && atoms.has('N')) return 'protein';
  const ribose = atoms.has("O2'") || atoms.has("F2'");
  if (kind === 'nucleic') return ribose || !(atoms.has("C2'") || /^D[ACGTUI]/.test(name)) ? 'rna' : 'dna';
  // A nucleotide nobody knows by name. One apart from a chain, as ATP is, has other names for its phosphorus.
  const linked = atoms.has('P') || (!hetero && atoms.has("O3'"));
  if (linked && atoms.has("C3'") && atoms.has("C4'")) return ribose ? 'rna' : 'dna';
  return 'other';
}
