/**
 * Writes mmCIF: all of a topology, one model per frame, and the bonds that no reader knows from the names of residues
 * as covalent connections. Nothing is ever too long for it; but it knows one cell for all models.
 * Chains are called by their identifiers (auth_asym_id) and, as those may come back, told apart by letters
 * (label_asym_id). Coordinates have three to five decimals of an Å, as many as say something.
 */
import { ErgodicError } from '../../errors.ts';
import { type Cell, shapeOfCell } from '../../systems/periodic/cell.ts';
import type { Topology } from '../../systems/topology.ts';
import { ANGSTROM } from '../../units.ts';
import { unimpliedBonds } from '../pdb/implied-bonds.ts';
import type { Frame, TrajectoryWriter } from '../trajectory.ts';

export interface MmcifWriterOptions {
  readonly title?: string;
}

const ATOM_TAGS = `group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id label_entity_id
  label_seq_id pdbx_PDB_ins_code Cartn_x Cartn_y Cartn_z occupancy B_iso_or_equiv pdbx_formal_charge auth_seq_id
  auth_comp_id auth_asym_id auth_atom_id pdbx_PDB_model_num`.split(/\s+/);

const PARTNER_TAGS = [1, 2].flatMap((n) => [
  `ptnr${n}_label_asym_id`,
  `ptnr${n}_label_comp_id`,
  `ptnr${n}_label_seq_id`,
  `ptnr${n}_label_atom_id`,
  `pdbx_ptnr${n}_PDB_ins_code`,
  `ptnr${n}_auth_asym_id`,
  `ptnr${n}_auth_comp_id`,
  `ptnr${n}_auth_seq_id`,
]);

export function mmcifWriter(topology: Topology, { title }: MmcifWriterOptions = {}): TrajectoryWriter {
  const { atoms } = topology;
  const { before, after } = atomRows(topology);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  let frames = 0;
  let firstCell: Cell | undefined;

  return {
    head: () => encode(`data_ergodic\n#\n_entry.id ergodic\n${title ? `_struct.title ${cifValue(title)}\n` : ''}#\n`),
    frame(frame: Frame): Uint8Array {
      if (frame.positions.length !== 3 * atoms.length) {
        throw new ErgodicError(`A frame of ${frame.positions.length / 3} atoms cannot be written for ${atoms.length}.`);
      }
      const lines: string[] = [];
      if (frames === 0) {
        firstCell = frame.cell;
        lines.push(frame.cell ? cellItems(frame.cell) : '', loopHead('_atom_site', ATOM_TAGS));
      } else if (String(frame.cell) !== String(firstCell)) {
        throw new ErgodicError(
          `mmCIF has one cell for all models, and frame ${frames} has another than the first: write PDB or XTC instead.`,
        );
      }
      frames++;
      for (let atom = 0; atom < atoms.length; atom++) {
        lines.push(before[atom]!);
        for (let axis = 0; axis < 3; axis++) lines.push(coordinate(frame.positions[3 * atom + axis]!, atom), ' ');
        lines.push(after[atom]!, ` ${frames}\n`);
      }
      return encode(lines.join(''));
    },
    end: () => ({ tail: encode(`#\n${connections(topology)}`), patches: [] }),
  };
}

function atomRows(topology: Topology) {
  const { atoms, residues, chains } = topology;
  const sequence = sequenceNumbers(topology);
  const before: string[] = [];
  const after: string[] = [];
  for (const [atomIndex, atom] of atoms.entries()) {
    const residue = residues[atom.residue]!;
    const chain = cifValue(chains[residue.chain]!.id);
    const [name, residueName] = [cifValue(atom.name), cifValue(residue.name)];
    const charge = atom.charge !== undefined && Number.isInteger(atom.charge) ? String(atom.charge) : '?';
    before.push(
      [
        residue.hetero ? 'HETATM' : 'ATOM',
        atomIndex + 1,
        atom.element === '' ? '?' : atom.element.toUpperCase(),
        name,
        cifValue(atom.alternate ?? ''),
        residueName,
        chainLetters(residue.chain),
        residue.chain + 1,
        residue.hetero ? '.' : sequence[atom.residue],
        residue.insertion === '' ? '?' : cifValue(residue.insertion),
        '',
      ].join(' '),
    );
    after.push(
      [(atom.occupancy ?? 1).toFixed(2), (atom.temperatureFactor ?? 0).toFixed(2), charge]
        .concat([String(residue.number), residueName, chain, name])
        .join(' '),
    );
  }
  return { before, after };
}

/** Of each residue within its chain, from 1. */
function sequenceNumbers({ residues }: Topology): number[] {
  const numbers: number[] = [];
  for (const [atomIndex, { chain }] of residues.entries()) {
    numbers.push(residues[atomIndex - 1]?.chain === chain ? numbers[atomIndex - 1]! + 1 : 1);
  }
  return numbers;
}

function connections(topology: Topology): string {
  const { atoms, residues, chains } = topology;
  const bonds = unimpliedBonds(topology);
  if (bonds.length === 0) return '';
  const sequence = sequenceNumbers(topology);
  const partner = (atomIndex: number): string => {
    const { name, residue: at } = atoms[atomIndex]!;
    const residue = residues[at]!;
    const [atomName, residueName] = [cifValue(name), cifValue(residue.name)];
    const seq = residue.hetero ? '.' : String(sequence[at]);
    const insertion = residue.insertion === '' ? '?' : cifValue(residue.insertion);
    return [chainLetters(residue.chain), residueName, seq, atomName, insertion]
      .concat([cifValue(chains[residue.chain]!.id), residueName, String(residue.number)])
      .join(' ');
  };
  const rows = bonds.map(([a, b], index) => `covale${index + 1} covale ${partner(a)} ${partner(b)}\n`);
  return `${loopHead('_struct_conn', ['id', 'conn_type_id', ...PARTNER_TAGS])}${rows.join('')}#\n`;
}

const loopHead = (category: string, tags: readonly string[]): string =>
  `loop_\n${tags.map((tag) => `${category}.${tag}\n`).join('')}`;

function cellItems(cell: Cell): string {
  const { lengths, angles } = shapeOfCell(cell);
  const items = [
    ...lengths.map((length, i) => [`length_${'abc'[i]}`, length / ANGSTROM] as const),
    ...angles.map((angle, i) => [`angle_${['alpha', 'beta', 'gamma'][i]}`, angle] as const),
  ];
  return `${items.map(([tag, value]) => `_cell.${tag} ${Number(value.toFixed(6))}\n`).join('')}#\n`;
}

function coordinate(nanometres: number, atom: number): string {
  if (!Number.isFinite(nanometres)) throw new ErgodicError(`A coordinate of atom ${atom + 1} is not a number.`);
  return (nanometres / ANGSTROM).toFixed(5).replace(/0{1,2}$/, '');
}

/** A, B, … Z, AA, BA, …: as the archive does. */
function chainLetters(chain: number): string {
  let letters = '';
  for (let rest = chain; rest >= 0; rest = Math.floor(rest / 26) - 1) letters += String.fromCharCode(65 + (rest % 26));
  return letters;
}

/** "." for nothing; quoted where it would mean something else. */
function cifValue(text: string): string {
  const clean = text.replace(/[\r\n]+/g, ' ');
  if (clean === '') return '.';
  if (/^[^\s'"#$_;[\]?.][^\s]*$/.test(clean) && !/^(data_|save_|loop_|stop_|global_)/i.test(clean)) return clean;
  if (!/'(\s|$)/.test(clean)) return `'${clean}'`;
  if (!/"(\s|$)/.test(clean)) return `"${clean}"`;
  return `\n;${clean}\n;\n`;
}
