/**
 * The frame of a plot: border, ticks, grid lines, tick labels and axis titles, without what is plotted. Titles and
 * labels stand in margins of fixed size, so they cannot meet what is beside the plot; labels that would touch each
 * other along x are thinned. Lengths in CSS pixels.
 */
import type { Scale } from './scale.ts';
import { type Box, element, fitText, text, textWidth } from './svg.ts';
import { FRAME, GRID, INK, LABEL_SIZE, MUTED, TICK_SIZE, TITLE_SIZE } from './theme.ts';
import type { Tick } from './ticks.ts';

/** Room that the labels need around a plot. */
export const MARGIN = { left: 68, bottom: 46, top: 28 } as const;

export interface FrameOptions {
  readonly title?: string;
  /** Empty for the upper panels of a column with one x axis. */
  readonly xTitle: string;
  readonly yTitle: string;
  /** Grid lines behind the data; not on maps. */
  readonly grid?: boolean;
  /** False for the inner panels of a row with one y axis. */
  readonly yLabels?: boolean;
}

/** What goes behind the data. */
export function gridLines(box: Box, x: Scale, y: Scale): string {
  const vertical = x.ticks.map(({ value }) => `M${x.at(value).toFixed(2)} ${box.y}v${box.height}`);
  const horizontal = y.ticks.map(({ value }) => `M${box.x} ${y.at(value).toFixed(2)}h${box.width}`);
  return element('path', { d: [...vertical, ...horizontal].join(''), stroke: GRID, fill: 'none' });
}

/** What goes over the data. */
export function plotFrame(box: Box, x: Scale, y: Scale, options: FrameOptions): string {
  const { title, xTitle, yTitle, yLabels = true } = options;
  const bottom = box.y + box.height;
  const middle = box.y + box.height / 2;
  const parts = [
    element('rect', { ...box, fill: 'none', stroke: FRAME }),
    element('path', { d: tickMarks(box, x, y), stroke: FRAME, fill: 'none' }),
    ...thinned(x).map(({ value, label }) =>
      text(x.at(value), bottom + 18, label, { 'text-anchor': 'middle', fill: MUTED }),
    ),
  ];
  if (xTitle) {
    parts.push(
      text(box.x + box.width / 2, bottom + 37, fitText(xTitle, box.width, LABEL_SIZE), {
        'text-anchor': 'middle',
        'font-size': LABEL_SIZE,
      }),
    );
  }
  if (yLabels) {
    const widest = Math.max(0, ...y.ticks.map(({ label }) => textWidth(label)));
    const titleX = box.x - Math.min(MARGIN.left - 12, widest + 18);
    parts.push(
      ...y.ticks.map(({ value, label }) =>
        text(box.x - 8, y.at(value) + 0.35 * TICK_SIZE, label, { 'text-anchor': 'end', fill: MUTED }),
      ),
      text(titleX, middle, fitText(yTitle, box.height, LABEL_SIZE), {
        'text-anchor': 'middle',
        'font-size': LABEL_SIZE,
        transform: `rotate(-90 ${titleX.toFixed(2)} ${middle.toFixed(2)})`,
      }),
    );
  }
  if (title) parts.push(panelTitle(box, title));
  return parts.join('');
}

/** Room for a title above the titles of panels. */
export const HEADING = 24;

/** The title of a whole figure of this width, above its panels. */
export const figureTitle = (title: string, width: number): string =>
  panelTitle({ x: MARGIN.left, y: MARGIN.top, width: width - MARGIN.left - 24, height: 0 }, title);

export function panelTitle(box: Box, title: string): string {
  // Bold letters are wider than those that `fitText` reckons with.
  return text(box.x, box.y - 10, fitText(title, box.width / 1.12, TITLE_SIZE), {
    'font-size': TITLE_SIZE,
    'font-weight': 600,
    fill: INK,
  });
}

function tickMarks(box: Box, x: Scale, y: Scale): string {
  const bottom = box.y + box.height;
  return [
    ...x.ticks.map(({ value }) => `M${x.at(value).toFixed(2)} ${bottom}v4`),
    ...y.ticks.map(({ value }) => `M${box.x} ${y.at(value).toFixed(2)}h-4`),
  ].join('');
}

/** The labels of x that leave a gap to the one before. */
function thinned(x: Scale): Tick[] {
  const kept: Tick[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of x.ticks) {
    const half = textWidth(tick.label) / 2;
    if (x.at(tick.value) - half < free) continue;
    kept.push(tick);
    free = x.at(tick.value) + half + 6;
  }
  return kept;
}
