/**
 * The cells of a map as one path per shade, neighbours along y merged, so that a 100×100 map stays a small vector
 * picture, and its contour lines. Blank (NaN) cells draw nothing: the paper shows.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { FreeEnergy } from '../free-energy/free-energy.ts';
import { SHADES, shadeColour, shadeOf } from './colour-bar.ts';
import type { ColourMap } from './colour-map.ts';
import type { Cells } from './contour.ts';
import { contourPath, energyContours, supportedLevels } from './energy-contours.ts';
import { type Box, element, pixels } from './svg.ts';

/** `values` over nx × ny cells, the first axis along x, the second upwards. */
export function heatCells(
  box: Box,
  values: ArrayLike<number>,
  [nx, ny]: Cells,
  range: Interval,
  map: ColourMap,
): string {
  const shades = Array.from(values, (value) => (Number.isNaN(value) ? -1 : shadeOf(value, range)));
  const paths = Array.from({ length: SHADES }, () => '');
  for (let column = 0; column < nx; column++) {
    for (let start = 0, end = 0; start < ny; start = end) {
      const shade = shades[column * ny + start]!;
      while (end < ny && shades[column * ny + end] === shade) end++;
      if (shade >= 0) paths[shade] += `M${column} ${start}h1v${end - start}h-1z`;
    }
  }
  const drawn = paths.flatMap((d, shade) => (d ? [element('path', { d, fill: shadeColour(map, shade) })] : []));
  // Drawn in cells, y upwards: whole numbers keep the file small.
  const transform = `translate(${box.x} ${box.y + box.height}) scale(${box.width / nx} ${-box.height / ny})`;
  return element('g', { transform, 'shape-rendering': 'crispEdges' }, ...drawn);
}

/** Contour lines of a surface at those `levels` that its counts support. */
export function contours(
  box: Box,
  { values, grid, kT }: FreeEnergy,
  levels: readonly number[],
  style: { readonly colour: string; readonly opacity: number },
): string {
  const { bins, periodic } = grid;
  const supported = supportedLevels(levels, highestOf([values]), kT);
  const lines = energyContours({ bins: [bins, bins], energy: values, periodic, kT }, supported);
  const place = ([i, j]: readonly [number, number]) =>
    `${pixels(box.x + (i * box.width) / bins)} ${pixels(box.y + box.height - (j * box.height) / bins)}`;
  const path = element('path', {
    d: contourPath(lines, place),
    fill: 'none',
    stroke: style.colour,
    'stroke-opacity': style.opacity,
    'stroke-width': 0.8,
    'stroke-linejoin': 'round',
  });
  return element('svg', { ...box, viewBox: `${box.x} ${box.y} ${box.width} ${box.height}` }, path);
}

/** The highest value that is not blank. */
export const highestOf = (surfaces: readonly Float64Array[]): number =>
  surfaces.reduce((top, values) => values.reduce((a, F) => (F > a ? F : a), top), 0);
