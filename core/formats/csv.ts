/**
 * CSV: a table of numbers with one line of column names, as text.
 * An empty field is a missing number (NaN). Numbers are written with the fewest digits that read back
 * as the same float32. Not here: quoted fields, text columns, other separators.
 */
import { ErgodicError } from '../errors.ts';

export interface NumberTable {
  readonly columns: readonly string[];
  /** Row by row: `values[row * columns.length + column]`. */
  readonly values: ArrayLike<number>;
}

export const encodeCsv = ({ columns, values }: NumberTable): string =>
  csvHead(columns) + csvRows(values, columns.length);

export const csvHead = (columns: readonly string[]): string => `${columns.join(',')}\n`;

/** Whole rows of a table with so many columns. */
export function csvRows(values: ArrayLike<number>, columns: number): string {
  const lines: string[] = [];
  for (let start = 0; start < values.length; start += columns) {
    lines.push(Array.from({ length: columns }, (_, column) => formatNumber(values[start + column]!)).join(','));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** `fileName` is for the error sentences. A first line of numbers is data: the columns are then x1, x2, … */
export function decodeCsv(text: string, fileName: string): { columns: string[]; values: Float32Array } {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const first = lines[0]?.split(',').map((field) => field.trim());
  if (!first) throw new ErgodicError(`\`${fileName}\` is empty: a table of numbers was expected.`);
  const named = first.some((field) => parseNumber(field) === undefined);
  const columns = named ? first : first.map((_, index) => `x${index + 1}`);
  const rows = named ? lines.length - 1 : lines.length;
  const values = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++) {
    const lineNumber = row + (named ? 2 : 1);
    const fields = lines[lineNumber - 1]!.split(',');
    if (fields.length !== columns.length) {
      throw new ErgodicError(
        `\`${fileName}\` has ${fields.length} fields in line ${lineNumber} where its first line has ${columns.length}.`,
      );
    }
    for (const [column, field] of fields.entries()) {
      const value = parseNumber(field.trim());
      if (value === undefined) {
        const shown = field.trim().slice(0, 40);
        throw new ErgodicError(
          `\`${fileName}\` has "${shown}" in line ${lineNumber}, column ${column + 1}, where a number was expected.`,
        );
      }
      values[row * columns.length + column] = value;
    }
  }
  return { columns, values };
}

function parseNumber(field: string): number | undefined {
  if (field === '' || /^nan$/i.test(field)) return Number.NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(field) ? Number(field) : undefined;
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value) || Math.fround(value) !== value) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
