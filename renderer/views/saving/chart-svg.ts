/** A chart of curves as a figure on paper, and its numbers as a table: what LineChart.svelte shows, to be saved. */
import {
  axisTicksOf,
  type ChartAxis,
  type Curve,
  columnsOf,
  rangeOf,
  titleOf,
  type VerticalLine,
} from '../chart/curves.ts';
import { toDegrees } from '../ticks.ts';
import { csv } from './csv.ts';
import { frame } from './frame-svg.ts';
import { paper, paperColour } from './paper.ts';
import { type Box, element, rounded, svgDocument, text } from './svg.ts';

export interface Chart {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly verticals?: readonly VerticalLine[];
  /** In points; 0 for none. */
  readonly smoothing?: number;
}

/** Charts side by side in rows, in the order given. */
export function chartsSvg(title: string, charts: readonly Chart[], columns: number): string {
  const [width, height] = [380, 280];
  const across = Math.max(1, Math.min(columns, charts.length));
  const down = Math.ceil(charts.length / across);
  const parts = charts.map((chart, i) => {
    const place = `translate(${(i % across) * width} ${Math.floor(i / across) * height})`;
    return element('g', { transform: place }, chartParts({ ...chart, id: `plot-${i}` }, width, height).join(''));
  });
  return svgDocument(across * width, Math.max(1, down) * height, title, parts);
}

const DASHES = { solid: undefined, dashed: '6 4', dotted: '2 3' } as const;

export const chartSvg = (chart: Chart, width = 640, height = 400): string =>
  svgDocument(width, height, chart.title, chartParts(chart, width, height));

function chartParts(
  { title, curves, x, y, verticals = [], smoothing = 0, id = 'plot' }: Chart & { id?: string },
  width: number,
  height: number,
): string[] {
  const { x: places, columns } = columnsOf(curves, smoothing, y.log);
  const legendRows = Math.ceil(curves.length / 3);
  const top = 34 + 18 * legendRows;
  const box: Box = { x: 64, y: top, width: width - 84, height: height - top - 48 };
  const rangeX = rangeOf(x, extent([places]), 0);
  const rangeY = rangeOf(y, extent(columns.map(({ values }) => values)), 0.06);
  const atX = scale(rangeX, x.log, box.x, box.x + box.width);
  const atY = scale(rangeY, y.log, box.y + box.height, box.y);
  const lines = columns.map(({ curve, role, values }, i) => {
    const colour = paperColour(curves[curve]!.colour);
    if (role === 'low') {
      const area = band(places, values, columns[i + 1]!.values, atX, atY);
      return element('path', { d: area, fill: colour, 'fill-opacity': 0.16 });
    }
    if (role === 'high') return '';
    return element('path', {
      d: polyline(places, values, atX, atY, curves[curve]!.x.length !== places.length),
      fill: 'none',
      stroke: colour,
      'stroke-opacity': role === 'raw' ? 0.3 : undefined,
      'stroke-width': role === 'raw' ? 0.8 : 1.6,
      'stroke-dasharray': role === 'line' ? DASHES[curves[curve]!.dash ?? 'solid'] : undefined,
    });
  });
  const rules = verticals
    .filter((line) => line.x > rangeX[0] && line.x < rangeX[1])
    .map((line) => {
      const d = `M${rounded(atX(line.x))} ${rounded(box.y)}v${rounded(box.height)}`;
      const label = line.label ? text(atX(line.x) + 4, box.y + 14, line.label) : '';
      return element('path', { d, stroke: paper.dim, 'stroke-dasharray': '4 4' }) + label;
    });
  const legend = curves.map(({ name, colour, dash = 'solid' }, i) => {
    const at = { x: box.x + (i % 3) * (box.width / 3), y: 40 + 18 * Math.floor(i / 3) };
    const d = `M${rounded(at.x)} ${at.y - 4}h22`;
    const stroke = { d, stroke: paperColour(colour), 'stroke-width': 2, 'stroke-dasharray': DASHES[dash] };
    return element('path', stroke) + text(at.x + 28, at.y, name, { fill: paper.ink });
  });
  const clip = element('clipPath', { id }, element('rect', { ...box }));
  return [
    clip,
    text(box.x, 20, title, { fill: paper.ink, 'font-size': 14, 'font-weight': 600 }),
    ...legend,
    element('g', { 'clip-path': `url(#${id})` }, [...lines, ...rules].join('') || ' '),
    frame(
      box,
      { title: titleOf(x), ticks: axisTicksOf(x, rangeX, box.width / 80), at: atX },
      { title: titleOf(y), ticks: axisTicksOf(y, rangeY, box.height / 50), at: atY },
    ),
  ];
}

/** A row for each point of each curve; angles in degrees. */
export function chartCsv({ curves, x, y }: Chart): string {
  const quantity = (axis: ChartAxis) => `${axis.label} (${axis.angle ? '°' : (axis.unit ?? '1')})`;
  const header = ['curve', quantity(x), quantity(y), `error of ${quantity(y)}`];
  const rows = curves.flatMap((curve) =>
    Array.from(curve.x, (value, i) => [
      curve.name,
      x.angle ? toDegrees(value) : value,
      curve.y[i] ?? Number.NaN,
      curve.error?.[i] ?? Number.NaN,
    ]),
  );
  return csv(header, rows);
}

type Values = ArrayLike<number | null>;

/** The least and the greatest number, null where there is none. */
export function extent(columns: readonly Values[]): [number | null, number | null] {
  let low: number | null = null;
  let high: number | null = null;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      if (value === null || value === undefined) continue;
      if (low === null || value < low) low = value;
      if (high === null || value > high) high = value;
    }
  }
  return [low, high];
}

function scale([low, high]: readonly [number, number], log: boolean | undefined, from: number, to: number) {
  const on = log ? Math.log : (value: number) => value;
  return (value: number) => from + ((to - from) * (on(value) - on(low))) / (on(high) - on(low));
}

type Placed = (value: number) => number;

function polyline(x: readonly number[], y: Values, atX: Placed, atY: Placed, overGaps: boolean): string {
  let d = '';
  let pen = 'M';
  for (let i = 0; i < x.length; i++) {
    const value = y[i];
    if (value === null || value === undefined) {
      if (!overGaps) pen = 'M';
      continue;
    }
    d += `${pen}${rounded(atX(x[i]!))} ${rounded(atY(value))}`;
    pen = 'L';
  }
  return d;
}

/** Between two curves, wherever both are known. */
function band(x: readonly number[], low: Values, high: Values, atX: Placed, atY: Placed): string {
  let d = '';
  let run: number[] = [];
  const close = () => {
    if (run.length > 1) {
      const up = run.map((i) => `${rounded(atX(x[i]!))} ${rounded(atY(high[i]!))}`);
      const down = run.toReversed().map((i) => `${rounded(atX(x[i]!))} ${rounded(atY(low[i]!))}`);
      d += `M${[...up, ...down].join('L')}Z`;
    }
    run = [];
  };
  for (let i = 0; i < x.length; i++) {
    if (typeof low[i] === 'number' && typeof high[i] === 'number') run.push(i);
    else close();
  }
  close();
  return d;
}
