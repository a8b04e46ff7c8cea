/**
 * Finds the frames of an XYZ file while its lines go by: where each begins, and what the atoms of the first are.
 * Frames of other atoms than the first has (data sets of several molecules) are passed over and counted; at a line
 * that should say how many atoms there are and does not, reading ends, as nothing tells where the next frame begins.
 * The numbers in the frames are not looked at.
 */
import { ErgodicError } from '../../errors.ts';
import { beginsWith, decodeText, integer, isBlank, Names, quoted } from '../byte-text.ts';
import type { Line } from '../lines.ts';
import type { Problem } from '../trajectory.ts';
import { AtomLine } from './atom-line.ts';
import { headingOf, type XyzColumns } from './comment.ts';
import { elementOfLabel } from './label.ts';

/** UTF-8's, as single bytes. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
/** "H 0 0 0" and a line break. */
const SHORTEST_ATOM = 8;

export interface XyzIndex {
  /** The word that says what each atom of the first frame is. */
  readonly labels: readonly string[];
  /** Where each frame begins, and at last where the last one ends. */
  readonly index: Float64Array;
  /** Line with which each frame begins. */
  readonly lines: Float64Array;
  readonly problems: readonly Problem[];
}

export class XyzFrames {
  readonly #name: string;
  readonly #size: number;
  readonly #names = new Names();
  readonly #starts: number[] = [];
  readonly #lines: number[] = [];
  #end = 0;
  #labels: string[] = [];
  /** The present frame; lines are those after the number of atoms, the comment included. */
  #start = 0;
  #startLine = 0;
  #atoms = 0;
  #linesToCome = 0;
  #properties: string | undefined;
  #columns: XyzColumns | undefined;
  /** As many words as say what the atom is, and all that are needed. */
  #labelLine = new AtomLine(1);
  #wholeLine = new AtomLine(1);
  #leftOut: string | undefined;
  #fraction = Number.NaN;
  #cut = false;
  readonly #problems: Problem[] = [];
  readonly #others = { count: 0, line: 0, byte: 0, reason: '' };

  constructor(name: string, size: number) {
    this.#name = name;
    this.#size = size;
  }

  /** False where there is no use in going on. */
  line(line: Line): boolean {
    if (this.#linesToCome === 0) return this.#begin(line);
    const atom = this.#atoms - this.#linesToCome;
    if (atom === -1) this.#comment(line);
    else if (this.#leftOut === undefined) this.#atom(line, atom);
    this.#linesToCome--;
    if (this.#linesToCome === 0 && !this.#cut) this.#finishFrame(line.next);
    return !this.#cut;
  }

  finish(): XyzIndex {
    const { count, line, byte, reason } = this.#others;
    if (this.#linesToCome > 0 || this.#cut) {
      this.#problem(`ends inside the frame that begins at line ${this.#startLine} (byte ${this.#size})`, this.#size);
    }
    if (this.#starts.length === 0) {
      throw new ErgodicError(this.#problems[0]?.message ?? `\`${this.#name}\` is empty: it has no frames.`);
    }
    if (count > 0) {
      const which = count === 1 ? 'A frame' : `${count} frames`;
      const message = `${which} of \`${this.#name}\` had to be left out, first at line ${line}: ${reason}.`;
      this.#problems.push({ message, line, byte });
    }
    return {
      labels: this.#labels,
      index: Float64Array.from([...this.#starts, this.#end]),
      lines: Float64Array.from(this.#lines),
      problems: this.#problems,
    };
  }

  #problem(what: string, byte: number, line?: number): void {
    this.#problems.push({ message: `\`${this.#name}\` ${what}.`, byte, ...(line === undefined ? {} : { line }) });
  }

  #begin(line: Line): boolean {
    const { bytes, end, offset, number } = line;
    const start = line.start + (offset === 0 && beginsWith(bytes, line.start, end, BYTE_ORDER_MARK) ? 3 : 0);
    if (isBlank(bytes, start, end)) return true;
    const atoms = integer(bytes, start, end);
    if (!(atoms > 0)) {
      const where = `(line ${number}, byte ${offset})`;
      this.#problem(`has ${quoted(bytes, start, end)} where a number of atoms should be ${where}`, offset, number);
      return false;
    }
    this.#start = offset;
    this.#startLine = number;
    this.#atoms = atoms;
    this.#linesToCome = atoms + 1;
    this.#leftOut = undefined;
    // A count beyond the end of the file need not be looked for line by line.
    return SHORTEST_ATOM * atoms - 1 <= this.#size - line.next;
  }

  #comment({ bytes, start, end, cut, number }: Line): void {
    const comment = decodeText(bytes, start, end);
    const properties = /\bProperties=\S*/i.exec(comment)?.[0] ?? '';
    if (properties !== this.#properties || cut) {
      const heading = cut ? 'its comment has no end' : headingOf(comment);
      if (typeof heading === 'string') {
        if (this.#starts.length > 0) this.#leftOut = heading;
        else throw new ErgodicError(`\`${this.#name}\` cannot be read as XYZ: ${heading} (line ${number}).`);
        this.#properties = undefined;
        return;
      }
      this.#properties = properties;
      this.#columns = heading.columns;
      this.#labelLine = new AtomLine(heading.columns.label + 1);
      this.#wholeLine = new AtomLine(heading.columns.count);
    }
    if (this.#starts.length > 0 && this.#atoms !== this.#labels.length) this.#leaveOutOthers();
  }

  #atom(line: Line, atom: number): void {
    const isFirst = this.#starts.length === 0;
    if (!line.ended && this.#isCut(line, isFirst)) {
      this.#cut = true;
      return;
    }
    if (isFirst && this.#wholeLine.take(line) === undefined) {
      const fraction = this.#wholeLine.lengthOfFraction();
      this.#fraction = atom === 0 || fraction === this.#fraction ? fraction : Number.NaN;
    }
    const column = this.#columns!.label;
    const wrong = this.#labelLine.take(line);
    const label = wrong
      ? ''
      : this.#names.at(line.bytes, this.#labelLine.startOf(column), this.#labelLine.endOf(column));
    if (isFirst) {
      this.#labels.push(label);
    } else if (label !== this.#labels[atom]) {
      const element = elementOfLabel(label);
      if (element === '' || element !== elementOfLabel(this.#labels[atom]!)) this.#leaveOutOthers();
    }
  }

  /**
   * The last line of a file may have lost its end without showing it. If all numbers of the first frame have the same
   * length, one that has it too is whole. If not, a trajectory loses a frame; a single molecule is read with a warning.
   */
  #isCut(line: Line, isFirst: boolean): boolean {
    if (this.#linesToCome > 1 || this.#wholeLine.take(line)) return true;
    if (this.#wholeLine.lengthOfFraction() === this.#fraction) return false;
    if (isFirst)
      this.#problem(
        `ends without a line break: its last number may have been cut off (byte ${this.#size})`,
        this.#size,
      );
    return !isFirst;
  }

  #leaveOutOthers(): void {
    this.#leftOut = 'its atoms are not those of the first frame';
  }

  #finishFrame(next: number): void {
    if (this.#leftOut === undefined) {
      this.#starts.push(this.#start);
      this.#lines.push(this.#startLine);
      this.#end = next;
      return;
    }
    if (this.#others.count === 0) {
      Object.assign(this.#others, { line: this.#startLine, byte: this.#start, reason: this.#leftOut });
    }
    this.#others.count++;
  }
}
