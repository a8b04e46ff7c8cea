/**
 * Lines over one pair of axes, linear or logarithmic: loss curves, mean |R| / D against t, metrics against steps. A level
 * is a horizontal line such as the noise floor; a boundary a vertical one such as the edge of a time expert. The legend
 * stands above the plot; a single curve needs none.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import { figureTitle, gridLines, MARGIN, plotFrame } from './axes.ts';
import { csv } from './csv.ts';
import { type LegendEntry, legend } from './legend.ts';
import { band, polyline } from './polyline.ts';
import { axisTitle, columnTitle, columnValue, type Quantity, scaleKind } from './quantity.ts';
import { makeScale, type Scale } from './scale.ts';
import { type Box, element, type Figure, svgDocument } from './svg.ts';
import { FRAME, INK, lineStyle, MUTED } from './theme.ts';
import { niceRange } from './ticks.ts';

export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Standard error of y, drawn as a band. */
  readonly error?: ArrayLike<number>;
  /** The reference is solid ink, a model coloured; `faint` is the raw data behind a smoothed curve of the same colour. */
  readonly role?: 'reference' | 'faint';
}

export interface ChartAxis extends Quantity {
  /** Unless given, by the unit: an angle in rad is shown in degrees. */
  readonly scale?: 'linear' | 'log';
  /** Limits; those of the data unless given. */
  readonly limits?: Interval;
}

export interface LineChart {
  readonly title: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly curves: readonly Curve[];
  readonly levels?: readonly { readonly name: string; readonly value: number }[];
  readonly boundaries?: readonly number[];
  /** Model curves dashed, as beside a solid reference. */
  readonly dashed?: boolean;
}

const SIZE = { width: 560, height: 250 } as const;
const MARKERS_UP_TO = 30;

export function lineChart(chart: LineChart): Figure {
  const styled = styleCurves(chart);
  const levels = (chart.levels ?? []).map(({ name }) => ({ name, colour: MUTED, dash: '1.5 3', width: 1.5 }));
  const all = [...styled.filter(({ curve }) => curve.role !== 'faint').map(({ entry }) => entry), ...levels];
  // A single curve is what the title says.
  const entries = all.length > 1 ? all : [];
  const key = legend(entries, MARGIN.left, MARGIN.top + 4, SIZE.width);
  const box = { x: MARGIN.left, y: MARGIN.top + key.height + 12, width: SIZE.width, height: SIZE.height };
  const width = box.x + box.width + 30;
  return {
    svg: svgDocument(width, box.y + box.height + MARGIN.bottom, chart.title, [
      figureTitle(chart.title, width),
      key.svg,
      drawChart(box, chart),
    ]),
    csv: curveTable([chart]),
  };
}

/** The plot without title and legend, in a box. */
export function drawChart(box: Box, chart: LineChart): string {
  const { curves, levels = [], boundaries = [] } = chart;
  const xs = curves.map((curve) => curve.x);
  const ys = [...curves.map((curve) => curve.y), levels.map(({ value }) => value)];
  const x = scaleFor(
    chart.x,
    xs,
    [box.x, box.x + box.width],
    box.width / 80,
    curves.some(hasMarkers) ? 'margin' : 'none',
  );
  const y = scaleFor(chart.y, ys, [box.y + box.height, box.y], box.height / 42, 'ticks');
  const lines = styleCurves(chart).map(({ curve, entry }) => drawCurve(curve, entry, x, y));
  const marks = [
    ...boundaries.map((at) => element('path', { d: `M${x.at(at).toFixed(2)} ${box.y}v${box.height}`, stroke: FRAME })),
    ...levels.map(({ value }) =>
      element('path', {
        d: `M${box.x} ${y.at(value).toFixed(2)}h${box.width}`,
        stroke: MUTED,
        'stroke-width': 1.5,
        'stroke-dasharray': '1.5 3',
      }),
    ),
  ];
  const clip = element('svg', { ...box, viewBox: `${box.x} ${box.y} ${box.width} ${box.height}` }, ...marks, ...lines);
  const frame = plotFrame(box, x, y, { xTitle: axisTitle(chart.x), yTitle: axisTitle(chart.y) });
  return gridLines(box, x, y) + clip + frame;
}

/** One row per point: axis and quantity where charts differ in them, curve, x, y, error. */
export function curveTable(charts: readonly LineChart[]): string {
  const [first] = charts;
  const withErrors = charts.some((chart) => chart.curves.some((curve) => curve.error));
  const isAlike = (axis: 'x' | 'y') => charts.every((chart) => columnTitle(chart[axis]) === columnTitle(first![axis]));
  const [alike, sameQuantity] = [isAlike('x'), isAlike('y')];
  const header = [
    ...(alike ? [] : ['axis']),
    ...(sameQuantity ? [] : ['quantity']),
    'curve',
    alike ? columnTitle(first!.x) : 'position',
    sameQuantity ? columnTitle(first!.y) : 'value',
    ...(withErrors ? [sameQuantity ? columnTitle({ ...first!.y, label: `error of ${first!.y.label}` }) : 'error'] : []),
  ];
  const rows = charts.flatMap((chart) =>
    chart.curves.flatMap((curve) =>
      Array.from({ length: curve.x.length }, (_, i) => [
        ...(alike ? [] : [columnTitle(chart.x)]),
        ...(sameQuantity ? [] : [columnTitle(chart.y)]),
        curve.name,
        columnValue(chart.x, curve.x[i]!),
        columnValue(chart.y, curve.y[i]!),
        ...(withErrors ? [columnValue(chart.y, curve.error?.[i] ?? Number.NaN)] : []),
      ]),
    ),
  );
  return csv(header, rows);
}

/** Colour and dash per curve; a faint curve takes the colour of the next one. */
export function styleCurves({ curves, dashed }: LineChart): { curve: Curve; entry: LegendEntry }[] {
  let model = 0;
  return curves.map((curve) => {
    if (curve.role === 'reference') return { curve, entry: { name: curve.name, colour: INK } };
    const { colour, dash } = lineStyle(curve.role === 'faint' ? model : model++);
    return { curve, entry: { name: curve.name, colour, dash: dashed ? dash : undefined } };
  });
}

function drawCurve(curve: Curve, { colour, dash }: LegendEntry, x: Scale, y: Scale): string {
  const faint = curve.role === 'faint';
  const parts = [
    element('path', {
      d: polyline(curve.x, curve.y, x, y),
      fill: 'none',
      stroke: colour,
      'stroke-width': faint ? 1 : 1.8,
      'stroke-opacity': faint ? 0.28 : undefined,
      'stroke-dasharray': dash,
      'stroke-linejoin': 'round',
      'stroke-linecap': dash ? undefined : 'round',
    }),
  ];
  if (curve.error) {
    const area = band(curve.x, curve.y, curve.error, x, y);
    parts.unshift(element('path', { d: area, fill: colour, 'fill-opacity': 0.14 }));
  }
  if (hasMarkers(curve) && !dash) {
    for (let i = 0; i < curve.x.length; i++) {
      const cx = x.at(curve.x[i]!);
      const cy = y.at(curve.y[i]!);
      if (Number.isFinite(cx + cy)) parts.push(element('circle', { cx, cy, r: 3, fill: colour }));
    }
  }
  return parts.join('');
}

const hasMarkers = (curve: Curve) => curve.role !== 'faint' && curve.x.length <= MARKERS_UP_TO;

/** `pad`: how far the axis goes beyond the data, to the next tick, by a small margin, or not at all. */
function scaleFor(
  axis: ChartAxis,
  data: readonly ArrayLike<number>[],
  pixels: Interval,
  ticks: number,
  pad: 'ticks' | 'margin' | 'none',
): Scale {
  const kind = axis.scale ?? scaleKind(axis);
  const range = axis.limits ?? dataRange(data, kind === 'log');
  if (axis.limits || pad === 'none') return makeScale(kind, range, pixels, ticks);
  const [low, high] = range;
  if (kind === 'log') {
    const factor = (high / low) ** 0.04;
    return makeScale(kind, [low / factor, high * factor], pixels, ticks);
  }
  if (pad === 'ticks') {
    // A curve that touches a whole tick would lie half under the frame.
    const [first, last] = niceRange(range, ticks);
    const room = 0.03 * (last - first);
    const domain: Interval = [low - first < room ? first - room : first, last - high < room ? last + room : last];
    return makeScale(kind, domain, pixels, ticks);
  }
  const margin = 0.03 * (high - low);
  return makeScale(kind, [low - margin, high + margin], pixels, ticks);
}

function dataRange(data: readonly ArrayLike<number>[], positive: boolean): Interval {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of data) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return positive ? [0.1, 10] : [0, 1];
  if (low === high) return positive ? [low / 2, low * 2] : niceRange([low, high]);
  return [low, high];
}
