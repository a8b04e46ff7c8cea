/**
 * CIF as a stream of values: the syntax of CIF 1.1 (data blocks, tags, loops, quotes, text fields between semicolons,
 * comments) line by line, with no value made into a string that nobody asked for. What is asked for, and what values
 * mean, is the handler's; a table of one row is the same whether it is written as a loop or as tags with values.
 * Tags are compared without case and with "_" for ".", so those of mmCIF and of small-molecule CIF are told alike.
 * Not here: dictionaries, CIF 2.0 lists and triple quotes.
 */
import { ErgodicError } from '../../errors.ts';
import { decodeText } from '../byte-text.ts';
import type { Line } from '../lines.ts';

export const BARE = 0;
export const QUOTED = 1;
export const TEXT = 2;
export type ValueKind = typeof BARE | typeof QUOTED | typeof TEXT;

/** Handlers give each wanted tag a number above 0; 0 means that its values can be passed over. */
export interface CifHandler {
  /** A data block begins at this byte. */
  block(name: string, offset: number): void;
  /** The number of a tag such as "_atom_site_cartn_x". */
  want(tag: string): number;
  /** A loop begins that has these tags (their numbers); rows follow. */
  loop(wanted: readonly number[]): void;
  /** A row of a loop begins at this byte. */
  row(wanted: readonly number[], offset: number): void;
  /** The value of a tag, in a loop or by itself. Valid during the call. */
  value(wanted: number, bytes: Uint8Array, from: number, to: number, kind: ValueKind, line: Line): void;
  /** A row of a loop is complete. */
  rowEnd(wanted: readonly number[], line: Line): void;
  /** The loop ended before this byte; `missing` values are lacking in its last row. */
  loopEnd(wanted: readonly number[], offset: number, missing: number, line: number): void;
}

/** Of a text field as much is kept; what is asked for are names and numbers. */
const LONGEST_TEXT = 4096;
const MOST_COLUMNS = 10_000;
const SEMICOLON = 59;

export class CifParser {
  readonly #handler: CifHandler;
  readonly #name: string;
  #columns: number[] = [];
  #anyWanted = false;
  #column = 0;
  #state: 'outside' | 'tag' | 'loop head' | 'loop body' = 'outside';
  /** Of the tag whose value comes next. */
  #wanted = 0;
  #inText = false;
  #text = new Uint8Array(LONGEST_TEXT);
  #textLength = 0;
  #textOffset = 0;

  /** With `columns` it begins between two rows of a loop of these tags. */
  constructor(name: string, handler: CifHandler, columns?: readonly number[]) {
    this.#name = name;
    this.#handler = handler;
    if (!columns) return;
    this.#columns = [...columns];
    this.#anyWanted = true;
    this.#state = 'loop body';
  }

  line(line: Line): void {
    const { bytes, start, end } = line;
    if (line.cut) this.#fail('has a line that is longer than any CIF may have', line.number);
    if (this.#inText) {
      if (bytes[start] !== SEMICOLON || start === end) {
        this.#moreText(bytes, start, end, true);
        return;
      }
      this.#inText = false;
      this.#value(this.#text, 0, this.#textLength, TEXT, this.#textOffset, line);
      this.#words(line, start + 1);
    } else if (start < end && bytes[start] === SEMICOLON) {
      this.#inText = true;
      this.#textLength = 0;
      this.#textOffset = line.offset;
      this.#moreText(bytes, start + 1, end, false);
    } else this.#words(line, start);
  }

  /** After the last line, which ends at this byte. */
  end(offset: number, line: number): void {
    if (this.#inText) this.#fail('ends inside a text field between semicolons', line);
    this.#closeLoop(offset, line);
  }

  #words(line: Line, from: number): void {
    const { bytes, end } = line;
    let at = from;
    for (;;) {
      while (at < end && bytes[at]! <= 32) at++;
      if (at >= end) return;
      const start = at;
      const first = bytes[at]!;
      const offset = line.offset + start - line.start;
      if (first === 35) return; // #
      if (first === 39 || first === 34) {
        at++;
        // A quote within ends nothing unless a space follows it.
        while (at < end && !(bytes[at] === first && (at + 1 >= end || bytes[at + 1]! <= 32))) at++;
        this.#value(bytes, start + 1, at, QUOTED, offset, line);
        at++;
        continue;
      }
      while (at < end && bytes[at]! > 32) at++;
      if (first === 95) this.#tag(decodeText(bytes, start, Math.min(at, start + 200)), offset, line.number);
      else if (!this.#keyword(bytes, start, at, offset, line)) this.#value(bytes, start, at, BARE, offset, line);
    }
  }

  #keyword(bytes: Uint8Array, start: number, end: number, offset: number, { number }: Line): boolean {
    const letter = bytes[start]! | 32;
    // data_, save_, stop_, loop_, global_.
    if (letter !== 100 && letter !== 115 && letter !== 108 && letter !== 103) return false;
    if (bytes[start + 4] !== 95 && bytes[start + 6] !== 95) return false;
    const [, word] =
      /^(data_|save_|loop_$|stop_$|global_$)/i.exec(decodeText(bytes, start, Math.min(end, start + 80))) ?? [];
    if (word === undefined) return false;
    this.#closeLoop(offset, number);
    this.#state = 'outside';
    if (/loop_/i.test(word)) {
      this.#state = 'loop head';
      this.#columns = [];
      this.#anyWanted = false;
    } else if (/data_/i.test(word))
      this.#handler.block(decodeText(bytes, start + 5, Math.min(end, start + 80)), offset);
    return true;
  }

  #tag(tag: string, offset: number, line: number): void {
    const wanted = this.#handler.want(tag.toLowerCase().replaceAll('.', '_'));
    if (this.#state === 'loop head') {
      if (this.#columns.push(wanted) > MOST_COLUMNS)
        this.#fail(`has a loop of more than ${MOST_COLUMNS} columns`, line);
      this.#anyWanted ||= wanted > 0;
      return;
    }
    this.#closeLoop(offset, line);
    this.#wanted = wanted;
    this.#state = 'tag';
  }

  #value(bytes: Uint8Array, from: number, to: number, kind: ValueKind, offset: number, line: Line): void {
    switch (this.#state) {
      case 'tag':
        this.#state = 'outside';
        if (this.#wanted > 0) this.#handler.value(this.#wanted, bytes, from, to, kind, line);
        return;
      case 'loop head':
        if (this.#columns.length === 0) this.#fail('has a loop without tags', line.number);
        this.#state = 'loop body';
        this.#column = 0;
        if (this.#anyWanted) this.#handler.loop(this.#columns);
        break;
      case 'outside':
        // A value that belongs to no tag: nothing here can depend on it.
        return;
    }
    if (this.#anyWanted) {
      if (this.#column === 0) this.#handler.row(this.#columns, offset);
      const wanted = this.#columns[this.#column]!;
      if (wanted > 0) this.#handler.value(wanted, bytes, from, to, kind, line);
    }
    this.#column++;
    if (this.#column < this.#columns.length) return;
    this.#column = 0;
    if (this.#anyWanted) this.#handler.rowEnd(this.#columns, line);
  }

  #closeLoop(offset: number, line: number): void {
    if (this.#state !== 'loop body') return;
    const missing = this.#column === 0 ? 0 : this.#columns.length - this.#column;
    this.#state = 'outside';
    this.#column = 0;
    if (this.#anyWanted) this.#handler.loopEnd(this.#columns, offset, missing, line);
  }

  #moreText(bytes: Uint8Array, from: number, to: number, onNewLine: boolean): void {
    if (onNewLine && this.#textLength < LONGEST_TEXT) this.#text[this.#textLength++] = 10;
    const kept = Math.min(to - from, LONGEST_TEXT - this.#textLength);
    this.#text.set(bytes.subarray(from, from + kept), this.#textLength);
    this.#textLength += kept;
  }

  #fail(what: string, line: number): never {
    throw new ErgodicError(`\`${this.#name}\` cannot be read as CIF: it ${what} (line ${line}).`);
  }
}
