/**
 * Free-energy surfaces side by side on one colour scale (reference, samples, simulation) and, if asked, the difference
 * of two of them on a diverging one. Blank bins are unsampled, in the difference: unsampled in either. Contour lines
 * are drawn on a lightly smoothed copy; cells and CSV are the values as counted. F in kT or kJ/mol.
 */

import { ErgodicError } from '../../errors.ts';
import type { Interval } from '../../systems/toy-system.ts';
import { type FreeEnergy, freeEnergyDifference } from '../free-energy.ts';
import { binCentres } from '../histogram.ts';
import { figureTitle, HEADING, MARGIN, plotFrame } from './axes.ts';
import { colourBar } from './colour-bar.ts';
import { type ColourMap, diverging, sequential } from './colour-map.ts';
import { axisTitle, columnTitle, csv, type Quantity } from './csv.ts';
import { contours, heatCells, highestOf } from './heat-map.ts';
import { makeScale } from './scale.ts';
import { type Box, type Figure, svgDocument } from './svg.ts';
import { INK } from './theme.ts';
import { linearTicks, niceRange } from './ticks.ts';

export interface MapPanel {
  readonly title: string;
  readonly surface: FreeEnergy;
}

export interface FreeEnergyMaps {
  readonly title: string;
  readonly axes: readonly [Quantity, Quantity];
  readonly energyUnit: 'kT' | 'kJ/mol';
  /** All on the same grid. */
  readonly panels: readonly MapPanel[];
  /** Draws F of the panel `of` minus F of the panel `from` (indices). */
  readonly difference?: { readonly of: number; readonly from: number };
  /** Top of the scale; the highest value shown unless given. */
  readonly highest?: number;
}

const PANEL = 236;
const GAP = 20;
const BAR = { width: 14, room: 100 } as const;

export function freeEnergyMaps(figure: FreeEnergyMaps): Figure {
  const { title, axes, energyUnit, panels, difference } = figure;
  const { grid } = panels[0]!.surface;
  if (panels.some(({ surface }) => surface.grid.bins !== grid.bins || surface.values.length !== grid.bins ** 2)) {
    throw new ErgodicError('Free-energy maps side by side need two-dimensional surfaces on one grid.');
  }
  const [xLimits, yLimits] = grid.limits as readonly [Interval, Interval];
  const aspect = (yLimits[1] - yLimits[0]) / (xLimits[1] - xLimits[0]);
  const height = PANEL * Math.min(1.1, Math.max(0.8, aspect));
  const surfaces = panels.map(({ surface }) => surface.values);
  const range = figure.highest ? ([0, figure.highest] as const) : niceRange([0, highestOf(surfaces) || 1], 8);
  const levels = linearTicks(range, 12).map(({ value }) => value);
  const top = MARGIN.top + HEADING;
  const drawPanel = (x: number, panel: Panel, yLabels: boolean): string => {
    const box: Box = { x, y: top, width: PANEL, height };
    const kind = grid.periodic ? 'angle' : 'linear';
    const xScale = makeScale(kind, xLimits, [x, x + PANEL], 5);
    const yScale = makeScale(kind, yLimits, [box.y + height, box.y], 5);
    return [
      heatCells(box, panel.values, grid.bins, panel.range, panel.map),
      panel.contours ? contours(box, panel.contours, levels, { colour: INK, opacity: 0.4 }) : '',
      plotFrame(box, xScale, yScale, {
        title: panel.title,
        xTitle: axisTitle(axes[0]),
        yTitle: axisTitle(axes[1]),
        yLabels,
      }),
    ].join('');
  };
  const bar = (x: number, label: string, panel: Pick<Panel, 'range' | 'map'>, shown: Float64Array[]) =>
    colourBar(
      { x, y: top, width: BAR.width, height },
      { label: axisTitle({ label, unit: energyUnit }), ...panel, clipped: clippedEnds(shown, panel.range) },
    );

  const parts: string[] = [];
  let x = MARGIN.left;
  panels.forEach((panel, i) => {
    parts.push(
      drawPanel(
        x,
        { title: panel.title, values: surfaces[i]!, range, contours: panel.surface, map: sequential },
        i === 0,
      ),
    );
    x += PANEL + GAP;
  });
  parts.push(bar(x, 'F', { range, map: sequential }, surfaces));
  x += BAR.width + BAR.room;

  const columns = panels.map((panel) => ({ label: `F ${panel.title}`, values: panel.surface.values }));
  if (difference) {
    const of = panels[difference.of]!;
    const from = panels[difference.from]!;
    const values = freeEnergyDifference(of.surface, from.surface);
    const span = differenceSpan(values, of.surface.kT);
    const panel = { range: [-span, span] as const, map: diverging };
    const name = `${of.title} − ${from.title}`;
    parts.push(drawPanel(x - GAP, { title: name, values, ...panel }, false));
    parts.push(bar(x + PANEL, 'ΔF', panel, [values]));
    x += PANEL + BAR.width + BAR.room;
    columns.push({ label: `ΔF ${name}`, values });
  }
  return {
    svg: svgDocument(x - GAP, top + height + MARGIN.bottom, title, [figureTitle(title, x - GAP), ...parts]),
    csv: mapTable(axes, energyUnit, panels[0]!.surface, columns),
  };
}

interface Panel {
  readonly title: string;
  readonly values: Float64Array;
  readonly range: Interval;
  readonly contours?: FreeEnergy;
  readonly map: ColourMap;
}

const sampled = (values: readonly Float64Array[]) =>
  values.flatMap((array) => [...array].filter((F) => !Number.isNaN(F)));

/** Covers 98 % of the bins, at least ½ kT: beyond are bins with a handful of counts. */
function differenceSpan(values: Float64Array, kT: number): number {
  const sizes = sampled([values])
    .map(Math.abs)
    .sort((a, b) => a - b);
  return niceRange([0, Math.max(kT / 2, sizes[Math.floor(0.98 * sizes.length)] ?? 0)], 2)[1];
}

function clippedEnds(values: readonly Float64Array[], [low, high]: Interval): [boolean, boolean] {
  const all = sampled(values);
  return [all.some((F) => F < low), all.some((F) => F > high)];
}

function mapTable(
  axes: readonly [Quantity, Quantity],
  unit: string,
  { grid }: FreeEnergy,
  columns: readonly { label: string; values: Float64Array }[],
): string {
  const [xs, ys] = grid.limits.map((limits) => binCentres(limits, grid.bins));
  const header = [...axes.map(columnTitle), ...columns.map(({ label }) => columnTitle({ label, unit }))];
  const rows = Array.from(columns[0]!.values, (_, cell) => [
    xs![Math.floor(cell / grid.bins)]!,
    ys![cell % grid.bins]!,
    ...columns.map(({ values }) => values[cell]!),
  ]);
  return csv(header, rows);
}
