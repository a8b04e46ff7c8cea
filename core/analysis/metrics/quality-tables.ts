/**
 * The quality of a run as tables of text, for a terminal and for a report: metrics beside the noise floor of as many
 * frames, populations with their standard errors, and what else a person asks. Numbers are computed elsewhere.
 */
import { countText, differenceText, populationText, timesText } from './measure-text.ts';
import { type DetailCell, detailKinds } from './quality-details.ts';
import type { ShownQuality } from './quality-schema.ts';

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const ROWS = [
  ['samples vs reference', 'iid'],
  ['simulation vs reference', 'sim'],
  ['samples vs simulation', 'consistency'],
  ['training data vs reference', 'training'],
] as const;

const COLUMNS = [
  { title: 'free energy', name: 'pmf', factor: 1 },
  { title: 'JS', name: 'js', factor: 1 },
  { title: 'bonds / pm', name: 'bonds', factor: 1000 },
] as const;

/** The free-energy error of every frame against the whole reference, by row: what published tables have. */
export type WholeErrors = { readonly [Row in (typeof ROWS)[number][1]]?: { readonly pmf: number } | null | undefined };

export function metricsTable(quality: ShownQuality, whole: WholeErrors): TextTable {
  const rows = ROWS.flatMap(([title, row]) => {
    const found = quality[row]?.equalCount;
    return found ? [{ title, row, found }] : [];
  });
  const columns = COLUMNS.filter(({ name }) => rows.some(({ found }) => found[name]));
  return {
    head: ['', 'frames', ...columns.flatMap(({ title }) => [title, 'floor', '× floor']), 'all frames'],
    rows: rows.map(({ title, row, found }) => [
      title,
      countText(found.count),
      ...columns.flatMap(({ name, factor }) => {
        const measure = found[name];
        if (!measure) return ['–', '–', '–'];
        return [
          digits(factor * measure.value.mean),
          digits(factor * measure.floor.mean),
          timesText(measure).replace(' ×', ''),
        ];
      }),
      digits(whole[row]?.pmf ?? Number.NaN),
    ]),
  };
}

export const verdicts = ({ iid, sim, consistency, training, reference }: ShownQuality): string[] => [
  ...[iid, sim, consistency, training].flatMap((row) => (row ? [row.verdict.text] : [])),
  ...testingNote(reference),
];

/** What makes a comparison a test. */
export const testingNote = ({ frames, forTesting }: ShownQuality['reference']): string[] =>
  forTesting ? [`The reference is ${countText(frames)} true frames from which nothing was learned.`] : [];

const SETS = [
  ['samples', 'iid'],
  ['simulation', 'sim'],
  ['training data', 'training'],
] as const;

/** Undefined where there are no states to count. */
export function populationTable({ states, ...quality }: ShownQuality): TextTable | undefined {
  const sets = SETS.filter(([, row]) => quality[row]);
  if (states.length === 0 || sets.length === 0) return undefined;
  return {
    head: ['population', 'reference', ...sets.flatMap(([title]) => [title, 'z'])],
    rows: states.map(({ name, reference, sets: own }) => [
      name,
      populationText(reference),
      ...sets.flatMap(([, row]) => {
        const found = own[row];
        return found ? [populationText(found), differenceText(found.z)] : ['–', '–'];
      }),
    ]),
  };
}

export interface Detail {
  readonly title: string;
  /** By set; null where it does not apply. */
  readonly cells: readonly (DetailCell | null)[];
}

/** What is no distance in the plane, for each set there is, beside what as many true frames have. */
export function detailsOf(quality: ShownQuality): { readonly sets: readonly string[]; readonly details: Detail[] } {
  const sets = SETS.flatMap(([title, row]) => (quality[row] ? [{ title, result: quality[row] }] : []));
  const kinds = detailKinds(sets.map(({ result }) => result));
  const details = kinds.map(({ title, of }) => ({ title, cells: sets.map(({ result }) => of(result) ?? null) }));
  return {
    sets: sets.map(({ title }) => title),
    details: details.filter(({ cells }) => cells.some((cell) => cell)),
  };
}

export function detailTable(quality: ShownQuality): TextTable | undefined {
  const { sets, details } = detailsOf(quality);
  if (sets.length === 0) return undefined;
  return {
    head: ['(of true frames)', ...sets],
    rows: details.map(({ title, cells }) => [
      title,
      ...cells.map((cell) => (cell ? `${cell.text}${cell.ofTruth ? ` (${cell.ofTruth})` : ''}` : '–')),
    ]),
  };
}

/** Columns side by side, the first to the left and numbers to the right. */
export function aligned({ head, rows }: TextTable): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(head), '─'.repeat(line(head).length), ...rows.map(line)].join('\n');
}

/** Three significant digits, never an exponent between 0.0001 and 1000. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(1);
  return value.toFixed(value < 0.1 ? 4 : 3);
}
