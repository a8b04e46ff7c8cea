/**
 * The formats of molecules by file name: which say what the atoms are, which hold conformations, which can be written.
 * A new format is a line here. Each is loaded when it is first wanted. Not here: files (runs/molecule-files.ts).
 */
import { ErgodicError } from '../errors.ts';
import { editDistance, nearestWord } from '../nearest-word.ts';
import type { Topology } from '../systems/topology.ts';
import type { ByteSource } from './byte-source.ts';
import type { OpenOptions, StructureFile, TrajectoryReader, TrajectoryWriter } from './trajectory.ts';

export interface WriterOptions {
  readonly topology: Topology;
  /** Whether frames have a cell: some formats must know beforehand. */
  readonly cell: boolean;
  /** How many there will be, where it is known. */
  readonly frames?: number | undefined;
  /** ps between frames, where it is known. */
  readonly timeStep?: number | undefined;
  /** 1/nm: in formats that round positions. */
  readonly precision?: number | undefined;
}

export interface MoleculeFormat {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Opens a file that says what the atoms are. */
  readonly openStructure?: (source: ByteSource, options: OpenOptions) => Promise<StructureFile>;
  /** Opens a file of conformations only. */
  readonly openTrajectory?: (source: ByteSource, options: OpenOptions) => Promise<TrajectoryReader>;
  readonly writer?: (options: WriterOptions) => Promise<TrajectoryWriter>;
  /** Rounds as finely as what is written is known, and has no digits of its own. */
  readonly anyPrecision?: true;
  /** nm: coordinates beyond have no room in it. */
  readonly farthest?: number;
  /** Frames are evenly spaced from the first to the last: trajectories one after the other have no times in it. */
  readonly oneClock?: true;
}

/** Of a nm, so that nothing is lost; a number without a decimal point would be none. */
const decimalsOf = (precision: number): number => Math.max(1, Math.ceil(Math.log10(precision) - 1e-9));
const atomsOf = ({ topology }: WriterOptions): number => topology.atoms.length;

export const moleculeFormats: readonly MoleculeFormat[] = [
  {
    name: 'PDB',
    extensions: ['pdb', 'ent'],
    openStructure: async (...given) => (await import('./pdb.ts')).openPdb(...given),
    writer: async ({ topology, frames }) => (await import('./pdb.ts')).pdbWriter(topology, { frames }),
    // −999.999 Å are eight columns.
    farthest: 99.9,
  },
  {
    name: 'mmCIF',
    extensions: ['cif', 'mmcif'],
    openStructure: async (...given) => (await import('./mmcif.ts')).openMmcif(...given),
    writer: async ({ topology }) => (await import('./mmcif.ts')).mmcifWriter(topology),
  },
  {
    name: 'GRO',
    extensions: ['gro'],
    openStructure: async (...given) => (await import('./gro.ts')).openGro(...given),
    writer: async ({ topology, precision }) => {
      const { groWriter } = await import('./gro.ts');
      return groWriter(topology, precision === undefined ? {} : { decimals: decimalsOf(precision) });
    },
    farthest: 999,
  },
  {
    name: 'PSF',
    extensions: ['psf'],
    openStructure: async (...given) => (await import('./psf.ts')).openPsf(...given),
  },
  {
    name: 'XYZ',
    extensions: ['xyz', 'extxyz'],
    openStructure: async (...given) => (await import('./xyz.ts')).openXyz(...given),
    writer: async ({ topology }) => (await import('./xyz.ts')).xyzWriter(topology),
  },
  {
    name: 'XTC',
    extensions: ['xtc'],
    openTrajectory: async (...given) => (await import('./xtc.ts')).openXtc(...given),
    // A tenth of what GROMACS keeps by default: bonds between beads vary by a few thousandths of a nanometre.
    writer: async (given) =>
      (await import('./xtc.ts')).xtcWriter({ atoms: atomsOf(given), precision: given.precision ?? 10_000 }),
    anyPrecision: true,
  },
  {
    name: 'TRR',
    extensions: ['trr'],
    openTrajectory: async (...given) => (await import('./trr.ts')).openTrr(...given),
    writer: async (given) => (await import('./trr.ts')).trrWriter({ atoms: atomsOf(given) }),
  },
  {
    name: 'DCD',
    extensions: ['dcd'],
    openTrajectory: async (...given) => (await import('./dcd.ts')).openDcd(...given),
    writer: async (given) => {
      const { cell, timeStep } = given;
      const { dcdWriter } = await import('./dcd.ts');
      return dcdWriter({ atoms: atomsOf(given), cell, ...(timeStep === undefined ? {} : { timeStep }) });
    },
    oneClock: true,
  },
  {
    name: 'NetCDF',
    extensions: ['nc', 'ncdf', 'netcdf', 'ncrst'],
    openTrajectory: async (...given) => (await import('./netcdf.ts')).openNetcdf(...given),
  },
  {
    name: 'NPY',
    extensions: ['npy'],
    openTrajectory: async (...given) => (await import('./npz.ts')).openNpyTrajectory(...given),
    writer: async (given) => (await import('./npz.ts')).npyTrajectoryWriter({ atoms: atomsOf(given) }),
  },
  {
    name: 'NPZ',
    extensions: ['npz'],
    openTrajectory: async (...given) => (await import('./npz.ts')).openNpzTrajectory(...given),
  },
];

export const extensionOf = (fileName: string): string => /\.([^./\\]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';

const endings = (formats: readonly MoleculeFormat[]): string =>
  formats.map(({ extensions }) => `.${extensions[0]}`).join(', ');

export function moleculeFormat(fileName: string): MoleculeFormat {
  const extension = extensionOf(fileName);
  const found = moleculeFormats.find(({ extensions }) => extensions.includes(extension));
  if (found) return found;
  if (PACKED.includes(extension)) throw new ErgodicError(`\`${fileName}\` is compressed: unpack it first.`);
  const known = `${endings(moleculeFormats)} are read here.`;
  throw new ErgodicError(
    `\`${fileName}\` has no ending of a known format; ${nearEnding(extension, moleculeFormats) ?? known}`,
  );
}

const PACKED = ['gz', 'bz2', 'xz', 'zst', 'zip'];

/** Most endings have three letters: with two of them wrong, it is another format. */
function nearEnding(extension: string, formats: readonly MoleculeFormat[]): string | undefined {
  const nearest = nearestWord(
    extension,
    formats.flatMap(({ extensions }) => extensions),
  );
  return nearest !== undefined && editDistance(extension, nearest) === 1 ? `did you mean \`.${nearest}\`?` : undefined;
}

/** Refuses a file name that nothing can be written to; call it before the work whose result goes there. */
export function writableFormat(fileName: string): MoleculeFormat & Required<Pick<MoleculeFormat, 'writer'>> {
  const extension = extensionOf(fileName);
  const writable = moleculeFormats.filter(({ writer }) => writer !== undefined);
  const found = writable.find(({ extensions }) => extensions.includes(extension));
  if (found?.writer) return { ...found, writer: found.writer };
  const known = `end it in one of ${endings(writable)}.`;
  throw new ErgodicError(
    `\`${fileName}\` names no format that can be written: ${nearEnding(extension, writable) ?? known}`,
    { usage: true },
  );
}
