/**
 * Free energies over a plane as a figure on paper, and their numbers as a table: what FreeEnergyMap.svelte shows, to be
 * saved. Bins that were not seen stay the colour of nothing.
 */
import { MARGIN, plotFrame } from '../../../core/analysis/figures/axes.ts';
import { colourBar } from '../../../core/analysis/figures/colour-bar.ts';
import { csv } from '../../../core/analysis/figures/csv.ts';
import { contourLevels, contourPath, energyContours } from '../../../core/analysis/figures/energy-contours.ts';
import { heatCells } from '../../../core/analysis/figures/heat-map.ts';
import { columnTitle, columnValue, type Quantity } from '../../../core/analysis/figures/quantity.ts';
import { makeScale, type Scale } from '../../../core/analysis/figures/scale.ts';
import { type Box, element, pixels, svgDocument } from '../../../core/analysis/figures/svg.ts';
import { INK } from '../../../core/analysis/figures/theme.ts';
import type { Axis, Surface } from '../../../core/host/contract.ts';
import type { Interval } from '../../../core/systems/toys/toy-system.ts';
import { axisTicks, axisTitle, isAngle } from '../map/axis-text.ts';
import { type ColourTableName, colourAt } from '../map/colour-table.ts';
import { binCentre, contoured, summaryOf } from '../map/free-energy.ts';
import type { Point } from '../map/outline.ts';
import { piecesOf } from '../map/walker-path.ts';
import { UNSEEN } from './paper.ts';

export interface EnergyMap {
  readonly title: string;
  readonly axes: readonly Axis[];
  readonly surface: Surface;
  readonly table: ColourTableName;
  readonly range: Interval;
  readonly lines: boolean;
  readonly path?: ArrayLike<number> | undefined;
  readonly outline?: readonly Point[] | undefined;
}

const SIDE = 360;

export function mapSvg({ title, axes, surface, table, range, lines, path, outline }: EnergyMap): string {
  const [x, y] = [axes[0]!, axes[1]!];
  const box: Box = { x: MARGIN.left, y: 38, width: SIDE, height: SIDE };
  const [scaleX, scaleY] = [scaleOf(x, [box.x, box.x + SIDE]), scaleOf(y, [box.y + SIDE, box.y])];
  const at = ([px, py]: Point) => `${pixels(scaleX.at(px))} ${pixels(scaleY.at(py))}`;
  const map = (fraction: number) => colourAt(table, fraction);
  const [nx, ny] = surface.bins;
  const parts = [element('rect', { ...box, fill: UNSEEN }), heatCells(box, surface.energy, surface.bins, range, map)];
  if (lines) {
    const contours = energyContours(contoured(axes, surface), contourLevels(range[1], summaryOf(surface).highest));
    const d = contourPath(
      contours,
      ([i, j]) => `${pixels(box.x + (SIDE * i) / nx)} ${pixels(box.y + SIDE * (1 - j / ny))}`,
    );
    parts.push(element('path', { d, fill: 'none', stroke: '#ffffff', 'stroke-opacity': 0.6, 'stroke-width': 1 }));
  }
  if (path) {
    const d = piecesOf(axes, path)
      .map(({ from, to }) => `M${at(from)}L${at(to)}`)
      .join('');
    parts.push(element('path', { d, fill: 'none', stroke: INK, 'stroke-width': 0.8, 'stroke-opacity': 0.7 }));
  }
  if (outline) {
    parts.push(
      element('path', { d: `M${outline.map(at).join('L')}Z`, fill: 'none', stroke: INK, 'stroke-width': 1.5 }),
    );
  }
  const clipped = [surface.energy.some((F) => F < range[0]), surface.energy.some((F) => F > range[1])] as const;
  return svgDocument(box.x + SIDE + 84, box.y + SIDE + 50, title || 'Free energy', [
    element('clipPath', { id: 'plane' }, element('rect', { ...box })),
    element('g', { 'clip-path': 'url(#plane)' }, ...parts),
    plotFrame(box, scaleX, scaleY, { title, xTitle: axisTitle(x), yTitle: axisTitle(y) }),
    colourBar(
      { x: box.x + SIDE + 16, y: box.y, width: 13, height: SIDE },
      { label: table === 'difference' ? 'ΔF / kT' : 'F / kT', range, map, clipped },
    ),
  ]);
}

const scaleOf = (axis: Axis, along: Interval): Scale => ({
  ...makeScale('linear', axis.limits, along, 5),
  ticks: axisTicks(axis),
});

/** A row for each bin, at its middle; angles in degrees. */
export function mapCsv({ axes, surface, table }: EnergyMap): string {
  const quantities = axes.map((axis): Quantity => {
    const unit = isAngle(axis) ? 'rad' : axis.unit;
    return { label: axis.label, ...(unit !== undefined && { unit }) };
  });
  const [nx, ny] = surface.bins;
  const rows = Array.from({ length: nx * ny }, (_, bin) => {
    const centre = binCentre(axes, surface, [Math.floor(bin / ny), bin % ny]);
    return [...centre.map((value, axis) => columnValue(quantities[axis]!, value)), surface.energy[bin]!];
  });
  return csv([...quantities.map(columnTitle), table === 'difference' ? 'ΔF (kT)' : 'F (kT)'], rows);
}
