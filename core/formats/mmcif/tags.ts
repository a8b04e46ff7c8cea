/**
 * The CIF tags that are read, and the number each has for the parser. Texts come before numbers within the atoms'.
 * Tags are in the form in which mmCIF ("_atom_site.id") and small-molecule CIF ("_atom_site_id") agree.
 */

/** Values of these are kept as text … */
const ATOM_TEXTS = [
  'group_pdb',
  'type_symbol',
  'auth_atom_id',
  'label_atom_id',
  'label',
  'label_alt_id',
  'auth_comp_id',
  'label_comp_id',
  'auth_asym_id',
  'label_asym_id',
  'pdbx_pdb_ins_code',
  'pdbx_pdb_model_num',
  'disorder_assembly',
  'disorder_group',
  'calc_flag',
] as const;

/** … and of these as numbers. */
const ATOM_NUMBERS = [
  'id',
  'auth_seq_id',
  'label_seq_id',
  'cartn_x',
  'cartn_y',
  'cartn_z',
  'fract_x',
  'fract_y',
  'fract_z',
  'occupancy',
  'b_iso_or_equiv',
  'pdbx_formal_charge',
] as const;

const CONNECTION = [
  'conn_type_id',
  ...(['1', '2'] as const).flatMap(
    (n) =>
      [
        `ptnr${n}_auth_asym_id`,
        `ptnr${n}_label_asym_id`,
        `ptnr${n}_auth_seq_id`,
        `ptnr${n}_label_seq_id`,
        `pdbx_ptnr${n}_pdb_ins_code`,
        `ptnr${n}_auth_comp_id`,
        `ptnr${n}_label_comp_id`,
        `ptnr${n}_auth_atom_id`,
        `ptnr${n}_label_atom_id`,
        `ptnr${n}_symmetry`,
      ] as const,
  ),
] as const;

const GEOMETRY = ['atom_site_label_1', 'atom_site_label_2', 'site_symmetry_1', 'site_symmetry_2'] as const;

/** Lengths in Å, then angles in degrees. */
const CELL = ['length_a', 'length_b', 'length_c', 'angle_alpha', 'angle_beta', 'angle_gamma'] as const;

/** Each has a range of numbers of its own. */
const RANGE = 100;
export const tables = ['atom', 'connection', 'geometry', 'cell', 'symmetry'] as const;
export type TableName = (typeof tables)[number];

const prefixed: Readonly<Record<TableName, readonly string[]>> = {
  atom: [...ATOM_TEXTS, ...ATOM_NUMBERS].map((tag) => `_atom_site_${tag}`),
  connection: CONNECTION.map((tag) => `_struct_conn_${tag}`),
  geometry: GEOMETRY.map((tag) => `_geom_bond_${tag}`),
  cell: CELL.map((tag) => `_cell_${tag}`),
  symmetry: [
    '_symmetry_equiv_pos_as_xyz',
    '_space_group_symop_operation_xyz',
    '_symmetry_space_group_name_h-m',
    '_space_group_name_h-m_alt',
  ],
};

const numbers = new Map(
  tables.flatMap((table, t) => prefixed[table].map((tag, index) => [tag, t * RANGE + index + 1] as const)),
);

/** 0 for a tag that nobody reads. */
export const numberOfTag = (tag: string): number => numbers.get(tag) ?? 0;
export const tableOf = (number: number): TableName => tables[Math.floor((number - 1) / RANGE)]!;
/** Of a tag within its table, from 0. */
export const fieldOf = (number: number): number => (number - 1) % RANGE;

export const isAtomText = (field: number): boolean => field < ATOM_TEXTS.length;
export const atomField = Object.fromEntries(
  [...ATOM_TEXTS, ...ATOM_NUMBERS].map((tag, index) => [tag, index]),
) as Readonly<Record<(typeof ATOM_TEXTS)[number] | (typeof ATOM_NUMBERS)[number], number>>;
export const atomFields = ATOM_TEXTS.length + ATOM_NUMBERS.length;

export const connectionField = Object.fromEntries(CONNECTION.map((tag, index) => [tag, index])) as Readonly<
  Record<(typeof CONNECTION)[number], number>
>;
/** Of `symmetry`: operators come first. */
export const SYMMETRY_OPERATORS = 2;
