/**
 * PSF, the structure file of CHARMM, X-PLOR and NAMD: what the atoms are, with types, charges and masses, and their
 * bonds; no positions. Segments are the chains, which have no identifiers here. Words are parted by spaces (NAMD) or
 * stand in columns (CHARMM; wider ones with EXT), and are read as words as long as there are enough of them.
 * Not here: angles, dihedrals and all that follows the bonds.
 */
import { ErgodicError } from '../errors.ts';
import { guessElement } from '../systems/elements.ts';
import type { Bond } from '../systems/topology.ts';
import type { ByteSource } from './byte-source.ts';
import { beginsWith, decimal, decodeText, eachWord, integer, isBlank, Names, quoted } from './byte-text.ts';
import { type Line, scanLines } from './lines.ts';
import { elementByMass } from './psf/element-by-mass.ts';
import { sortedBonds, TopologyBuilder } from './topology-builder.ts';
import type { OpenOptions, Problem, StructureFile } from './trajectory.ts';

/** Bytes that an atom, and the two numbers of a bond, take at least. */
const SHORTEST_ATOM = 16;
const SHORTEST_BOND = 4;

/** Bytes from … to. */
type Range = readonly [number, number];
/** Serial number, segment, residue number, residue name, name, type, charge, mass: what of an atom is read. */
const FIELDS = 8;
const RESIDUE = /^(-?\d{1,15})(\D*)$/;

export async function openPsf(source: ByteSource, { signal, progress }: OpenOptions = {}): Promise<StructureFile> {
  const sections = new PsfSections(source.name, source.size);
  await scanLines(source, (line) => sections.line(line), { signal, progress });
  return sections.finish();
}

class PsfSections {
  readonly #name: string;
  readonly #size: number;
  readonly #names = new Names();
  readonly #builder = new TopologyBuilder();
  readonly #problems: Problem[] = [];
  readonly #ends: number[] = [];
  #wide = false;
  #section: 'head' | 'other' | 'atoms' | 'bonds' = 'head';
  #atoms = 0;
  #bonds = 0;
  #left = 0;
  #lastLine = 0;
  #seenBonds = false;

  constructor(name: string, size: number) {
    this.#name = name;
    this.#size = size;
  }

  /** False when the bonds are complete. */
  line(line: Line): boolean {
    const { bytes, start, end } = line;
    this.#lastLine = line.number;
    if (isBlank(bytes, start, end)) return true;
    switch (this.#section) {
      case 'head':
        if (!beginsWith(bytes, start, end, 'PSF')) this.#fail('it does not begin with "PSF"', line.number);
        this.#wide = /\bEXT\b/.test(decodeText(bytes, start, Math.min(end, start + 200)));
        this.#section = 'other';
        return true;
      case 'other':
        this.#heading(line);
        return true;
      case 'atoms':
        this.#atom(line);
        if (--this.#left === 0) this.#section = 'other';
        return true;
      case 'bonds':
        return this.#bond(line);
    }
  }

  finish(): StructureFile {
    if (this.#section === 'head') this.#fail('it is empty', 1);
    if (this.#section === 'atoms') {
      const read = this.#atoms - this.#left;
      this.#fail(`it says ${this.#atoms} atoms and ends after ${read}`, this.#lastLine);
    }
    if (this.#atoms === 0) this.#fail('it has no atoms (!NATOM)', this.#lastLine);
    const bonds: Bond[] = [];
    for (let i = 0; i + 1 < this.#ends.length; i += 2) bonds.push([this.#ends[i]!, this.#ends[i + 1]!]);
    if (!this.#seenBonds || bonds.length < this.#bonds) {
      const message = this.#seenBonds
        ? `\`${this.#name}\` says ${this.#bonds} bonds and ends after ${bonds.length} (line ${this.#lastLine}).`
        : `\`${this.#name}\` has no bonds (!NBOND).`;
      this.#problems.push({ message, line: this.#lastLine });
    }
    const topology = { ...this.#builder.finish(), bonds: sortedBonds(bonds) };
    return { topology, trajectory: undefined, problems: this.#problems };
  }

  /** "3105 !NATOM". */
  #heading(line: Line): void {
    const { bytes, start, end } = line;
    const mark = bytes.indexOf(33, start);
    if (mark < 0 || mark >= end) return;
    const isAtoms = beginsWith(bytes, mark, end, '!NATOM');
    const isBonds = beginsWith(bytes, mark, end, '!NBOND');
    if (!isAtoms && !isBonds) return;
    const count = integer(bytes, start, mark);
    if (!(count >= 0)) return;
    if (isAtoms ? this.#atoms > 0 : this.#seenBonds) this.#fail('a section comes twice', line.number);
    const room = (this.#size - line.next) / (isAtoms ? SHORTEST_ATOM : SHORTEST_BOND);
    if (count > room + 1) {
      this.#fail(
        `it says ${count} ${isAtoms ? 'atoms' : 'bonds'}, more than the bytes that follow can hold`,
        line.number,
      );
    }
    if (isAtoms) this.#atoms = count;
    else {
      if (this.#atoms === 0) this.#fail('its bonds come before its atoms', line.number);
      this.#bonds = count;
      this.#seenBonds = true;
    }
    this.#left = isAtoms ? count : 2 * count;
    if (count > 0) this.#section = isAtoms ? 'atoms' : 'bonds';
  }

  #atom(line: Line): void {
    const { bytes, start, end } = line;
    const text = ([from, to]: Range) => this.#names.at(bytes, from, to);
    const isAtom = (fields: readonly Range[]) =>
      fields.length === FIELDS &&
      RESIDUE.test(text(fields[2]!)) &&
      Number.isFinite(decimal(bytes, ...fields[6]!)) &&
      Number.isFinite(decimal(bytes, ...fields[7]!));
    const found =
      [this.#words(line), this.#columns(line)].find(isAtom) ??
      this.#fail(`${quoted(bytes, start, end)} is no atom with a residue number, charge and mass`, line.number);
    const [serial, segment, residue, residueName, name, type, charge, mass] = found;
    const [, number, insertion] = RESIDUE.exec(text(residue!))!;
    const q = decimal(bytes, ...charge!);
    const m = decimal(bytes, ...mass!);
    const atomName = text(name!);
    const inResidue = text(residueName!);
    const given = integer(bytes, ...serial!);
    this.#builder.add({
      name: atomName,
      element: m === 0 ? '' : (elementByMass(m) ?? guessElement(atomName, inResidue)),
      serial: Number.isNaN(given) ? this.#builder.atoms + 1 : given,
      residueName: inResidue,
      residueNumber: Number(number),
      insertion: insertion!,
      chain: '',
      segment: text(segment!),
      hetero: false,
      alternate: '',
      type: text(type!),
      mass: m,
      charge: q,
    });
  }

  #words({ bytes, start, end }: Line): Range[] {
    const words: Range[] = [];
    eachWord(bytes, start, end, (from, to) => words.push([from, to]) < FIELDS);
    return words;
  }

  /** Where a name is blank, words are too few or the wrong ones: the first five stand in columns, the rest follow. */
  #columns({ bytes, start, end }: Line): Range[] {
    const columns = this.#wide ? [0, 10, 11, 19, 20, 28, 29, 37, 38, 46] : [0, 8, 9, 13, 14, 18, 19, 23, 24, 28];
    const at = (i: number) => Math.min(start + columns[i]!, end);
    const fields: Range[] = [0, 2, 4, 6, 8].map((i) => [at(i), at(i + 1)]);
    eachWord(bytes, at(9), end, (from, to) => fields.push([from, to]) < FIELDS);
    return fields;
  }

  #bond({ bytes, start, end, number, ended }: Line): boolean {
    const width = this.#wide ? 10 : 8;
    eachWord(bytes, start, end, (from, to) => {
      // Numbers that fill their columns touch: such a word is cut from its end.
      const first = to - width * Math.floor((to - from - 1) / width);
      for (let at = first, begin = from; at <= to; begin = at, at += width)
        this.#bondEnd(integer(bytes, begin, at), number);
      return this.#left > 0;
    });
    // What the end of the file cuts off may have been another number.
    if (!ended && this.#left > 0) this.#ends.pop();
    return this.#left > 0;
  }

  #bondEnd(atom: number, line: number): void {
    if (this.#left === 0) return;
    if (!(atom >= 1 && atom <= this.#atoms)) {
      this.#fail(`a bond has an end that is none of its ${this.#atoms} atoms`, line);
    }
    this.#ends.push(atom - 1);
    this.#left--;
  }

  #fail(what: string, line: number): never {
    throw new ErgodicError(`\`${this.#name}\` cannot be read as PSF: ${what} (line ${line}).`);
  }
}
