/**
 * The report of a run as one HTML page that needs nothing else: its metrics beside the noise floor, its figures, all its
 * settings, and what it was made with. Text is escaped, and pictures are images, which run no scripts.
 */
import type { Figure } from '../../analysis/figures/svg.ts';
import { escapeText } from '../../analysis/figures/svg.ts';
import type { ShownQuality } from '../../analysis/metrics/quality-schema.ts';
import { detailTable, metricsTable, populationTable, verdicts } from '../../analysis/metrics/quality-tables.ts';
import type { RunRecord } from '../../runs/run-folder.ts';
import { samplesPerSecond } from '../../runs/sampling/samples-per-second.ts';
import type { Specification } from '../../specification/settings.ts';
import type { Metrics, MetricsRow, SimulationDraws } from '../contract.ts';
import { commandLine } from '../draft-handlers.ts';
import { settingsRows } from './settings-rows.ts';

export interface Report {
  readonly record: RunRecord;
  /** Of what is there now. */
  readonly metrics: Metrics | undefined;
  readonly draws?: SimulationDraws | undefined;
  readonly figures: ReadonlyMap<string, Figure>;
}

export function reportPage({ record, metrics, draws, figures }: Report): string {
  const { specification, created, seconds, versions, engine } = record;
  const title = escapeText(specification.name);
  const perSecond = samplesPerSecond(record);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p class="made">Started ${escapeText(dateInWords(created))}${record.finished ? '' : ', not finished'}.</p>
<h2>Metrics</h2>
${metrics?.quality ? qualityTables(metrics.quality, metrics) : oldMetricsTable(metrics)}
${simulationNotes(record, draws)}
<h2>Figures</h2>
${[...figures].map(figureOf).join('\n') || '<p>No figures yet.</p>'}
${choiceNotes(record)}
<h2>Settings</h2>
${settingsTables(specification)}
<h2>Made with</h2>
${table(
  ['', ''],
  [
    ...Object.entries(versions),
    ...(engine === undefined ? [] : [['engine', engine]]),
    ...Object.entries(seconds).map(([part, time]) => [`time to ${part}`, durationInWords(time)]),
    ...(perSecond === undefined ? [] : [['samples per second', digits(perSecond)]]),
    ['command', commandLine(record.command, specification.name)],
    ...(record.dataFingerprint === undefined ? [] : [['SHA-256 of the data', record.dataFingerprint]]),
  ],
)}
</body>
</html>
`;
}

const ROWS = [
  ['samples against reference', 'iid'],
  ['simulation against reference', 'sim'],
  ['samples against simulation', 'consistency'],
  ['noise floor', 'floor'],
] as const satisfies readonly (readonly [string, keyof Metrics])[];

interface Column {
  readonly title: string;
  readonly metric: (row: MetricsRow) => number | undefined;
}

const COLUMNS: readonly Column[] = [
  { title: 'free-energy error / kT²', metric: ({ pmf }) => pmf },
  { title: 'Jensen–Shannon / nat', metric: ({ js }) => js },
  { title: 'bond lengths W₁ / pm', metric: ({ bonds }) => bonds && 1000 * bonds },
];

/** Verdicts first: what the tables mean. */
function qualityTables(quality: ShownQuality, rows: Metrics): string {
  const tables = [metricsTable(quality, rows), populationTable(quality), detailTable(quality)];
  return [
    ...verdicts(quality).map((text) => `<p>${escapeText(text)}</p>`),
    ...tables.map((one) => (one ? table(one.head, one.rows, 'numbers') : '')),
    '<p class="note">Free energy in kT², Jensen–Shannon divergence in nats. “× floor”: how many times the noise floor of as ' +
      'many true frames; 1 is the best that can be measured. z: difference in standard errors.</p>',
  ].join('\n');
}

/** Of a run that an older version evaluated. */
function oldMetricsTable(metrics: Metrics | undefined): string {
  if (!metrics) return '<p>The current results have not been evaluated.</p>';
  const rows = ROWS.flatMap(([title, row]) => (metrics[row] ? [{ title, row, values: metrics[row] }] : []));
  const columns = COLUMNS.filter(({ metric }) => rows.some(({ values }) => metric(values) !== undefined));
  const isNoise = (row: string, value: number, floor: number | undefined) =>
    row !== 'floor' && floor !== undefined && value <= floor;
  let noise = false;
  const cells = rows.map(({ title, row, values }) => [
    title,
    ...columns.map(({ metric }) => {
      const value = metric(values);
      if (value === undefined) return '–';
      const marked = isNoise(row, value, metrics.floor && metric(metrics.floor));
      noise ||= marked;
      return `${digits(value)}${marked ? ' ≈' : ''}`;
    }),
  ]);
  const note = noise ? '<p class="note">≈ at or below the noise floor: no measurable difference.</p>' : '';
  return `${table(['', ...columns.map(({ title }) => title)], cells, 'numbers')}${note}`;
}

/** What was chosen for the data, and how training went from round to round. */
function choiceNotes({ choice }: RunRecord): string {
  if (!choice) return '';
  const { sentence, rounds, ending } = choice;
  const rows = rounds.map((round, i) => [
    String(i + 1),
    durationInWords(round.seconds),
    round.ratio === null
      ? '–'
      : `${round.ratio.toFixed(2)}${round.ratioError === null ? '' : ` ± ${round.ratioError.toFixed(2)}`}`,
  ]);
  return [
    '<h2>Training</h2>',
    `<p>${escapeText(sentence)}</p>`,
    ...(rows.length > 0 ? [table(['round', 'trained for', '× noise floor'], rows, 'numbers')] : []),
    ...(ending === undefined ? [] : [`<p>${escapeText(ending)}</p>`]),
  ].join('\n');
}

/** What its frames are worth, and that they have no times where torsions were turned. */
function simulationNotes(
  { specification: { simulate }, torsionAcceptance }: RunRecord,
  draws: SimulationDraws | undefined,
): string {
  const worth = draws
    ? [
        `<p class="note">The ${whole(draws.frames)} frames of the simulation are worth ${whole(draws.size)} independent ` +
          `draws (${draws.variables.map(({ label, size }) => `${escapeText(label)}: ${whole(size)}`).join(', ')}).</p>`,
      ]
    : [];
  const accepted = torsionAcceptance === undefined ? '' : `, ${digits(100 * torsionAcceptance)} % of them accepted`;
  const moves =
    simulate.torsionMoves > 0
      ? [
          `<p class="note">The simulation turns torsions (${simulate.torsionMoves} trials every ` +
            `${simulate.torsionMovesEvery} steps${accepted}): it samples and is no dynamics. Nothing here is a time or a rate.</p>`,
        ]
      : [];
  return [...worth, ...moves].join('\n');
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

const CAPTIONS: Readonly<Record<string, string>> = {
  'free-energy': 'Free energy over the collective variables',
  profiles: 'Free energy along each axis',
  bonds: 'Bond lengths',
  contacts: 'Contacts',
  trajectory: 'Path of one replica',
  residual: 'Fokker–Planck residual',
  training: 'Training loss',
};

/** As an image: what a picture holds, scripts say, does nothing there. */
function figureOf([name, { svg }]: readonly [string, Figure]): string {
  const caption = escapeText(CAPTIONS[name] ?? name);
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return `<figure><img alt="${caption}" src="${source}"></figure>`;
}

const OF_EXPERT = /^experts\[(\d+)\]\.(.+)$/;

/** What all experts have, where the method has experts, stands in one table, a column for each. */
function settingsTables(specification: Specification): string {
  const rows = settingsRows(specification);
  const general = rows.filter(({ key }) => !OF_EXPERT.test(key));
  const names: string[] = [];
  const byKey = new Map<string, string[]>();
  for (const { key, value } of rows) {
    const [, index, parameter] = OF_EXPERT.exec(key) ?? [];
    if (parameter === undefined) continue;
    if (parameter === 'range') {
      names[Number(index)] = `t ${value.replace(', ', ' … ')}`;
      continue;
    }
    const values = byKey.get(parameter) ?? [];
    values[Number(index)] = value;
    byKey.set(parameter, values);
  }
  const experts = [...byKey].map(([parameter, values]) => [parameter, ...names.map((_, i) => values[i] ?? '–')]);
  return [
    table(
      ['parameter', 'value', 'unit'],
      general.map(({ key, value, unit }) => [key, value, unit]),
    ),
    ...(names.length > 0 ? [table(['expert', ...names], experts)] : []),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[], kind = ''): string {
  const heading = head.some((text) => text !== '')
    ? `<thead><tr>${head.map((text) => `<th scope="col">${escapeText(text)}</th>`).join('')}</tr></thead>`
    : '';
  const body = rows
    .map(([first, ...others]) => {
      const cells = others.map((text) => `<td>${escapeText(text)}</td>`).join('');
      return `<tr><th scope="row">${escapeText(first!)}</th>${cells}</tr>`;
    })
    .join('\n');
  return `<table class="${kind}">${heading}<tbody>\n${body}\n</tbody></table>`;
}

/** Three digits that mean something. */
const digits = (value: number): string =>
  Math.abs(value) >= 1e-3 && Math.abs(value) < 1e3 ? value.toPrecision(3) : String(Number(value.toPrecision(3)));

function dateInWords(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace('T', ', ')} UTC`;
}

function durationInWords(seconds: number): string {
  if (!(seconds >= 60)) return `${digits(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const STYLE = `
:root { color-scheme: light dark; --line: #d4d4d8; --dim: #52525b; }
@media (prefers-color-scheme: dark) { :root { --line: #3f3f46; --dim: #a1a1aa; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin-bottom: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
.made, .note { color: var(--dim); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { font-weight: 400; }
td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; }
figure { margin: 1rem 0 1.5rem; }
table + table { margin-top: 1.8rem; }
img { max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
@media print { figure, tr { break-inside: avoid; } body { margin: 0; } }
`;
