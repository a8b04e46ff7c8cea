/**
 * The quality of a run as tables of text, for a terminal and for a report: metrics beside the noise floor of as many
 * frames, populations with their standard errors, and what else a person asks. Numbers are computed elsewhere.
 */
import type { AtEqualCount } from './equal-count.ts';
import type { ShownQuality, ShownResult } from './quality-schema.ts';
import { countText, degrees, percent, picometres, timesText } from './verdict.ts';

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const ROWS = [
  ['samples vs reference', 'iid'],
  ['simulation vs reference', 'sim'],
  ['samples vs simulation', 'consistency'],
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

export const verdicts = ({ iid, sim, consistency }: ShownQuality): string[] =>
  [iid, sim, consistency].flatMap((row) => (row ? [row.verdict.text] : []));

const SETS = [
  ['samples', 'iid'],
  ['simulation', 'sim'],
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
        return found ? [populationText(found), signed(found.z)] : ['–', '–'];
      }),
    ]),
  };
}

/** What is no distance in the plane; in brackets what true frames have. */
export function detailTable(quality: ShownQuality): TextTable | undefined {
  const sets = SETS.flatMap(([title, row]) => (quality[row] ? [{ title, result: quality[row] }] : []));
  if (sets.length === 0) return undefined;
  const rows = DETAILS.flatMap(({ title, text }) => {
    const cells = sets.map(({ result }) => text(result));
    return cells.some((cell) => cell) ? [[title, ...cells.map((cell) => cell ?? '–')]] : [];
  });
  return { head: ['(of true frames)', ...sets.map(({ title }) => title)], rows };
}

const beside = (measure: AtEqualCount, text: (value: number) => string): string =>
  `${text(measure.value.mean)} (${text(measure.floor.mean)})`;

const DETAILS: readonly {
  readonly title: string;
  readonly text: (result: ShownResult) => string | null | undefined;
}[] = [
  {
    title: 'mass where the reference has nothing',
    text: ({ equalCount }) => beside(equalCount.junk, percent),
  },
  {
    title: 'error from bins that only one visits',
    text: ({ equalCount }) => beside(equalCount.oneSided, percent),
  },
  {
    title: 'bonds off by, on average',
    text: ({ equalCount, geometry }) =>
      equalCount.bonds && `${beside(equalCount.bonds, picometres)}${most(geometry?.bonds.largest, picometres)}`,
  },
  {
    title: 'angles off by, on average',
    text: ({ equalCount, geometry }) =>
      equalCount.angles && `${beside(equalCount.angles, degrees)}${most(geometry?.angles?.largest, degrees)}`,
  },
  {
    title: 'frames with a bond off by more than 15 pm',
    text: ({ geometry }) => geometry && `${percent(geometry.bondOff)} (${percent(geometry.bondOffReference)})`,
  },
  {
    title: 'mirror images',
    text: ({ mirror }) => mirror && `${percent(mirror.fraction)} (${percent(mirror.reference)})`,
  },
  {
    title: 'counts as independent frames',
    text: ({ independent }) => countText(Number(independent.toPrecision(2))),
  },
];

const most = (value: number | undefined, text: (value: number) => string): string =>
  value === undefined ? '' : `, at most ${text(value)}`;

const populationText = ({ fraction, standardError }: { fraction: number; standardError: number }): string => {
  const places = Math.max(0, Math.min(4, -Math.floor(Math.log10(100 * standardError))));
  return `${(100 * fraction).toFixed(places)} ± ${(100 * standardError).toFixed(places)} %`;
};

const signed = (z: number): string => `${z < 0 ? '−' : '+'}${Math.abs(z).toFixed(1)}`;

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
