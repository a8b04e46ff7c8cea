/**
 * Free energies over a plane as a figure on paper, and their numbers as a table: what FreeEnergyMap.svelte shows, to be
 * saved. Bins that were not seen stay the colour of nothing.
 */
import type { Axis, Surface } from '../../../core/host/contract.ts';
import { axisTicks, axisTitle, isAngle } from '../map/axis-text.ts';
import type { ColourTableName } from '../map/colour-table.ts';
import { contourLevels, contourLines } from '../map/contour-lines.ts';
import { binCentre, summaryOf } from '../map/free-energy.ts';
import type { Point } from '../map/outline.ts';
import { piecesOf } from '../map/walker-path.ts';
import { linearTicks, toDegrees } from '../ticks.ts';
import { csv } from './csv.ts';
import { frame } from './frame-svg.ts';
import { paper } from './paper.ts';
import { colourBar, shades } from './shades-svg.ts';
import { type Box, element, rounded, svgDocument, text } from './svg.ts';

export interface EnergyMap {
  readonly title: string;
  readonly axes: readonly Axis[];
  readonly surface: Surface;
  readonly table: ColourTableName;
  readonly range: readonly [number, number];
  readonly lines: boolean;
  readonly path?: ArrayLike<number> | undefined;
  readonly outline?: readonly Point[] | undefined;
}

const SIDE = 360;

export function mapSvg({ title, axes, surface, table, range, lines, path, outline }: EnergyMap): string {
  const [x, y] = [axes[0]!, axes[1]!];
  const box: Box = { x: 64, y: 38, width: SIDE, height: SIDE };
  const atX = (value: number) => box.x + (SIDE * (value - x.limits[0])) / (x.limits[1] - x.limits[0]);
  const atY = (value: number) => box.y + (SIDE * (y.limits[1] - value)) / (y.limits[1] - y.limits[0]);
  const parts = [element('rect', { ...box, fill: paper.unseen }), ...shades(surface, { table, range }, box)];
  const [nx, ny] = surface.bins;
  if (lines) {
    const levels = contourLevels(range[1], summaryOf(surface).highest);
    const rings = contourLines(axes, surface, levels).flatMap((level) => level.rings);
    const place = ([i, j]: Point) => `${rounded(box.x + (SIDE * i) / nx)} ${rounded(box.y + SIDE * (1 - j / ny))}`;
    const d = rings.map((ring) => `M${ring.map(place).join('L')}Z`).join('');
    if (d)
      parts.push(element('path', { d, fill: 'none', stroke: '#ffffff', 'stroke-opacity': 0.6, 'stroke-width': 1 }));
  }
  if (path) {
    const d = piecesOf(axes, path)
      .map(
        ({ from, to }) =>
          `M${rounded(atX(from[0]))} ${rounded(atY(from[1]))}L${rounded(atX(to[0]))} ${rounded(atY(to[1]))}`,
      )
      .join('');
    parts.push(element('path', { d, fill: 'none', stroke: paper.ink, 'stroke-width': 0.8, 'stroke-opacity': 0.7 }));
  }
  if (outline) {
    const points = outline.map((point) => `${rounded(atX(point[0]))},${rounded(atY(point[1]))}`).join(' ');
    parts.push(element('polygon', { points, fill: 'none', stroke: paper.ink, 'stroke-width': 1.5 }));
  }
  const width = box.x + SIDE + 84;
  const height = box.y + SIDE + 50;
  return svgDocument(width, height, title || 'Free energy', [
    element('clipPath', { id: 'plane' }, element('rect', { ...box })),
    element('g', { 'clip-path': 'url(#plane)' }, parts.join('')),
    text(box.x, 22, title, { fill: paper.ink, 'font-size': 14, 'font-weight': 600 }),
    frame(
      box,
      { title: axisTitle(x), ticks: axisTicks(x), at: atX },
      { title: axisTitle(y), ticks: axisTicks(y), at: atY },
    ),
    ...colourBar(
      { table, range, title: table === 'difference' ? 'ΔF / kT' : 'F / kT', ticks: linearTicks(range, 6) },
      { x: box.x + SIDE + 16, y: box.y, width: 13, height: SIDE },
    ),
  ]);
}

/** A row for each bin, at its middle; angles in degrees. */
export function mapCsv({ axes, surface, table }: EnergyMap): string {
  const quantity = (axis: Axis) => `${axis.label} (${isAngle(axis) ? '°' : (axis.unit ?? '1')})`;
  const shown = (axis: Axis, value: number) => (isAngle(axis) ? toDegrees(value) : value);
  const [nx, ny] = surface.bins;
  const rows = Array.from({ length: nx * ny }, (_, bin) => {
    const [px, py] = binCentre(axes, surface, [Math.floor(bin / ny), bin % ny]);
    return [shown(axes[0]!, px), shown(axes[1]!, py), surface.energy[bin]!];
  });
  return csv([quantity(axes[0]!), quantity(axes[1]!), table === 'difference' ? 'ΔF (kT)' : 'F (kT)'], rows);
}
