/**
 * What a DCD file says before its first frame. DCD is Fortran's unformatted output: records, each between two markers
 * that repeat its length in bytes, of 32 or 64 bits, in either byte order. Three records come first: 84 bytes of
 * counts and flags, the title, the number of atoms; and the list of the free atoms where some are fixed.
 * CHARMM stamps its version into the last of the counts (24 is what every other program pretends to be); X-PLOR leaves
 * it 0, has no flags and writes the time step in double precision. Counts are in integration steps.
 */
import { ErgodicError } from '../../errors.ts';
import { AKMA_TIME } from '../../units.ts';
import type { ByteSource } from '../byte-source.ts';
import { fewestDigits } from '../fewest-digits.ts';

export interface DcdHeader {
  readonly littleEndian: boolean;
  /** Bytes of a record marker, 4 or 8. */
  readonly markerBytes: number;
  /** As the file says; often 0 or wrong. */
  readonly declaredFrames: number;
  /** Of the first frame. */
  readonly firstStep: number;
  /** Between two frames; 0 where the file does not say. */
  readonly stepsPerFrame: number;
  /** ps; absent where the file does not say. */
  readonly timeStep?: number;
  /** 0 for X-PLOR. */
  readonly version: number;
  readonly hasCell: boolean;
  /** Records after x, y and z that nobody needs: a fourth dimension, fluctuating charges. */
  readonly extraRecords: number;
  readonly atoms: number;
  /** Indices of the atoms that later frames hold; absent where they hold all. */
  readonly freeAtoms?: Int32Array;
  /** Where the first frame begins. */
  readonly end: number;
}

const COUNTS_BYTES = 84;
const CORD = 0x44524f43;
const VELD = 0x444c4556;
/** Its time step is in whatever units the simulation had (dump_dcd.cpp), so that times are not known. */
const LAMMPS = 'Written by LAMMPS';

interface Marking {
  readonly littleEndian: boolean;
  readonly markerBytes: number;
}

export async function readDcdHeader(source: ByteSource): Promise<DcdHeader> {
  const marking = markingOf(source.name, await source.read(0, 12));
  const { littleEndian } = marking;

  const counts = await readRecord(source, marking, 0, COUNTS_BYTES);
  const integer = (index: number) => counts.view.getInt32(4 + 4 * index, littleEndian);
  const version = integer(19);
  const charmm = version !== 0;
  const titleLength = await readMarker(source, marking, counts.end);
  const titleEnd = counts.end + 2 * marking.markerBytes + titleLength;
  if (titleLength !== (await readMarker(source, marking, titleEnd - marking.markerBytes))) {
    throw damaged(source, titleEnd - marking.markerBytes, 'its title does not end where it says');
  }
  const title = await source.read(counts.end + marking.markerBytes + 4, Math.min(titleLength, LAMMPS.length));
  const isLammps = String.fromCharCode(...title) === LAMMPS;
  const timeStep = isLammps ? undefined : timeStepOf(counts.view, littleEndian, charmm);

  const atomCount = await readRecord(source, marking, titleEnd, 4);
  const atoms = atomCount.view.getInt32(0, littleEndian);
  const fixed = integer(8);
  if (atoms < 1) throw damaged(source, titleEnd + marking.markerBytes, `it says it has ${atoms} atoms`);
  if (fixed < 0 || fixed > atoms) {
    throw damaged(source, marking.markerBytes + 36, `it says that ${fixed} of its ${atoms} atoms are fixed`);
  }

  const header = {
    ...marking,
    declaredFrames: integer(0),
    firstStep: integer(1),
    stepsPerFrame: Math.max(0, integer(2)),
    ...(timeStep === undefined ? {} : { timeStep }),
    version,
    hasCell: charmm && integer(10) !== 0,
    extraRecords: charmm ? Number(integer(11) === 1) + Number(integer(12) === 1) : 0,
    atoms,
  };
  if (fixed === 0) return { ...header, end: atomCount.end };
  const list = await readRecord(source, marking, atomCount.end, 4 * (atoms - fixed));
  const freeAtoms = Int32Array.from({ length: atoms - fixed }, (_, i) => list.view.getInt32(4 * i, littleEndian) - 1);
  const stray = freeAtoms.findIndex((atom) => atom < 0 || atom >= atoms);
  if (stray >= 0) {
    const at = atomCount.end + marking.markerBytes + 4 * stray;
    throw damaged(source, at, `it lists atom ${freeAtoms[stray]! + 1} of ${atoms} as free`);
  }
  return { ...header, freeAtoms, end: list.end };
}

/** The first record is 84 bytes long and begins with CORD: that tells the byte order and the width of the markers. */
function markingOf(name: string, start: Uint8Array): Marking {
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  const word = (offset: number, littleEndian: boolean) =>
    offset + 4 <= start.length ? view.getUint32(offset, littleEndian) : 0;
  for (const littleEndian of [true, false]) {
    for (const markerBytes of [4, 8]) {
      const length = word(markerBytes === 8 && !littleEndian ? 4 : 0, littleEndian);
      const other = markerBytes === 8 ? word(littleEndian ? 4 : 0, littleEndian) : 0;
      // The four letters are text: they stand in this order in either byte order.
      const letters = word(markerBytes, true);
      if (length !== COUNTS_BYTES || other !== 0) continue;
      if (letters === CORD) return { littleEndian, markerBytes };
      if (letters === VELD) {
        throw new ErgodicError(`\`${name}\` is a DCD file of velocities without positions: open the one of positions.`);
      }
    }
  }
  throw new ErgodicError(`\`${name}\` is not a DCD file: it does not begin with 84 and CORD (byte 0).`);
}

/**
 * Absent for 0 and for what is no number. CHARMM's is single precision, which turns a step of 2 fs into
 * 2.00000003 fs: of all values it may stand for, the one with the fewest digits is taken, so that times come out as
 * they were set. The tolerance is that of the number plus that of programs which take 48.88821 fs for the unit.
 */
function timeStepOf(counts: DataView, littleEndian: boolean, charmm: boolean): number | undefined {
  const akma = charmm ? counts.getFloat32(40, littleEndian) : counts.getFloat64(40, littleEndian);
  const picoseconds = akma * AKMA_TIME;
  if (!(picoseconds > 0) || !Number.isFinite(picoseconds)) return undefined;
  return fewestDigits(picoseconds, 2e-7 * picoseconds);
}

interface Record {
  readonly view: DataView;
  /** Where the next record begins. */
  readonly end: number;
}

async function readRecord(source: ByteSource, marking: Marking, at: number, length: number): Promise<Record> {
  const { markerBytes, littleEndian } = marking;
  const end = at + length + 2 * markerBytes;
  if (end > source.size) throw endsInHeader(source);
  const bytes = await source.read(at, end - at);
  if (bytes.length < end - at) throw endsInHeader(source);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const offset of [0, markerBytes + length]) {
    if (markerAt(view, offset, markerBytes, littleEndian) !== length) {
      throw damaged(source, at + offset, `there should be a record of ${length} bytes`);
    }
  }
  return { view: new DataView(bytes.buffer, bytes.byteOffset + markerBytes, length), end };
}

async function readMarker(source: ByteSource, { markerBytes, littleEndian }: Marking, at: number): Promise<number> {
  const bytes = at + markerBytes > source.size ? new Uint8Array() : await source.read(at, markerBytes);
  if (bytes.length < markerBytes) throw endsInHeader(source);
  return markerAt(new DataView(bytes.buffer, bytes.byteOffset, markerBytes), 0, markerBytes, littleEndian);
}

export const markerAt = (view: DataView, offset: number, markerBytes: number, littleEndian: boolean): number =>
  markerBytes === 4 ? view.getUint32(offset, littleEndian) : Number(view.getBigUint64(offset, littleEndian));

const damaged = (source: ByteSource, byte: number, what: string): ErgodicError =>
  new ErgodicError(`\`${source.name}\` is a damaged DCD file: ${what} (byte ${byte}).`);

const endsInHeader = (source: ByteSource): ErgodicError =>
  new ErgodicError(`\`${source.name}\` ends inside the header of a DCD file (byte ${source.size}): it has no frames.`);
