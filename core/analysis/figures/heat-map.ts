/**
 * The cells of a map as one path per shade, neighbours along y merged, so that a 100×100 map stays a small vector
 * picture, and its contour lines. Blank (NaN) cells draw nothing: the paper shows.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { FreeEnergy } from '../free-energy/free-energy.ts';
import { type Grid, isPeriodic } from '../free-energy/histogram.ts';
import { SHADES, shadeColour, shadeOf } from './colour-bar.ts';
import type { ColourMap } from './colour-map.ts';
import { contourLines, smooth } from './contour.ts';
import { type Box, element, pixels } from './svg.ts';

/** `values` over bins × bins cells, the first axis along x, the second upwards. */
export function heatCells(box: Box, values: Float64Array, bins: number, range: Interval, map: ColourMap): string {
  const shades = Array.from(values, (value) => (Number.isNaN(value) ? -1 : shadeOf(value, range)));
  const paths = Array.from({ length: SHADES }, () => '');
  for (let column = 0; column < bins; column++) {
    for (let start = 0, end = 0; start < bins; start = end) {
      const shade = shades[column * bins + start]!;
      while (end < bins && shades[column * bins + end] === shade) end++;
      if (shade >= 0) paths[shade] += `M${column} ${start}h1v${end - start}h-1z`;
    }
  }
  const drawn = paths.flatMap((d, shade) => (d ? [element('path', { d, fill: shadeColour(map, shade) })] : []));
  // Drawn in cells, y upwards: whole numbers keep the file small.
  const transform = `translate(${box.x} ${box.y + box.height}) scale(${box.width / bins} ${-box.height / bins})`;
  return element('g', { transform, 'shape-rendering': 'crispEdges' }, ...drawn);
}

/** Contour lines of a surface at those `levels` that its counts support. */
export function contours(
  box: Box,
  { values, grid, kT }: FreeEnergy,
  levels: readonly number[],
  style: { readonly colour: string; readonly opacity: number },
): string {
  const size = grid.bins + 2 * EDGE;
  const soft = smooth(widened(values, grid), size);
  const x = (cell: number) => pixels(box.x + ((cell - EDGE + 0.5) * box.width) / grid.bins);
  const y = (cell: number) => pixels(box.y + box.height - ((cell - EDGE + 0.5) * box.height) / grid.bins);
  const supported = highestOf([values]) - kT * Math.log(FEWEST_COUNTS);
  const d = levels
    .filter((level) => level > 0 && level <= supported)
    .flatMap((level) => contourLines(soft, size, level))
    .map((line) => `M${line.map(([i, j]) => `${x(i)} ${y(j)}`).join('L')}`)
    .join('');
  const lines = element('path', {
    d,
    fill: 'none',
    stroke: style.colour,
    'stroke-opacity': style.opacity,
    'stroke-width': 0.8,
    'stroke-linejoin': 'round',
  });
  return element('svg', { ...box, viewBox: `${box.x} ${box.y} ${box.width} ${box.height}` }, lines);
}

/** Cells repeated beyond the ends of a periodic axis, so that contour lines run through. */
const EDGE = 3;

/** The cells with `EDGE` more at every side: repeated where an axis closes, blank where not. */
function widened(values: Float64Array, { bins, periodic }: Grid): Float64Array {
  const size = bins + 2 * EDGE;
  const inside = (cell: number, axis: number) =>
    isPeriodic(periodic, axis) ? (cell - EDGE + bins * EDGE) % bins : cell - EDGE;
  return Float64Array.from({ length: size * size }, (_, at) => {
    const i = inside(Math.floor(at / size), 0);
    const j = inside(at % size, 1);
    return i < 0 || j < 0 || i >= bins || j >= bins ? Number.NaN : values[i * bins + j]!;
  });
}

/** A line through bins of fewer counts than this would show noise; the highest bins of a surface hold one count. */
const FEWEST_COUNTS = 5;

/** The highest value that is not blank. */
export const highestOf = (surfaces: readonly Float64Array[]): number =>
  surfaces.reduce((top, values) => values.reduce((a, F) => (F > a ? F : a), top), 0);
