/**
 * Maps side by side over the same two axes, in groups that share a colour scale and its bar: surfaces and their
 * difference, contact maps. Blank (NaN) cells show the paper. CSS pixels.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import { figureTitle, HEADING, MARGIN, plotFrame } from './axes.ts';
import { colourBar } from './colour-bar.ts';
import type { ColourMap } from './colour-map.ts';
import { heatCells } from './heat-map.ts';
import { makeScale, type ScaleKind } from './scale.ts';
import { type Box, fitText, svgDocument, text } from './svg.ts';
import { MUTED } from './theme.ts';

export interface MapAxis {
  readonly title: string;
  readonly limits: Interval;
  readonly kind: ScaleKind;
}

export interface MapPanel {
  readonly title: string;
  /** bins × bins cells, the first axis along x. */
  readonly values: Float64Array;
  /** What is drawn over the cells. */
  readonly overlay?: (box: Box) => string;
}

export interface MapGroup {
  readonly panels: readonly MapPanel[];
  readonly range: Interval;
  readonly map: ColourMap;
  /** Of the bar. */
  readonly label: string;
}

export interface MapRow {
  readonly title: string;
  /** Below the maps. */
  readonly note?: string;
  readonly axes: readonly [MapAxis, MapAxis];
  readonly bins: number;
  readonly groups: readonly MapGroup[];
}

const PANEL = 236;
const GAP = 36;
const BAR = { width: 14, room: 78, distance: 20 } as const;

export function mapRow({ title, note, axes, bins, groups }: MapRow): string {
  const [xAxis, yAxis] = axes;
  const aspect = (yAxis.limits[1] - yAxis.limits[0]) / (xAxis.limits[1] - xAxis.limits[0]);
  const height = PANEL * Math.min(1.1, Math.max(0.8, xAxis.kind === yAxis.kind ? aspect : 1));
  const y = MARGIN.top + HEADING;
  const parts: string[] = [];
  let x = MARGIN.left;
  for (const [group, { panels, range, map, label }] of groups.entries()) {
    for (const [column, panel] of panels.entries()) {
      const box: Box = { x, y, width: PANEL, height };
      const xScale = makeScale(xAxis.kind, xAxis.limits, [x, x + PANEL], 5);
      const yScale = makeScale(yAxis.kind, yAxis.limits, [y + height, y], 5);
      const labels = { title: panel.title, xTitle: xAxis.title, yTitle: yAxis.title };
      parts.push(
        heatCells(box, panel.values, [bins, bins], range, map),
        panel.overlay?.(box) ?? '',
        plotFrame(box, xScale, yScale, { ...labels, yLabels: group === 0 && column === 0 }),
      );
      x += PANEL + (column < panels.length - 1 ? GAP : BAR.distance);
    }
    const clipped = clippedEnds(panels, range);
    parts.push(colourBar({ x, y, width: BAR.width, height }, { label, range, map, clipped }));
    x += BAR.width + BAR.room;
  }
  const foot = y + height + MARGIN.bottom;
  if (note) parts.push(text(MARGIN.left, foot + 14, fitText(note, x - MARGIN.left - 12), { fill: MUTED }));
  return svgDocument(x, note ? foot + 28 : foot, title, [figureTitle(title, x), ...parts]);
}

function clippedEnds(panels: readonly MapPanel[], [low, high]: Interval): [boolean, boolean] {
  const some = (beyond: (value: number) => boolean) => panels.some(({ values }) => values.some(beyond));
  return [some((value) => value < low), some((value) => value > high)];
}
