/** Quantities over a plane as colours on paper: those of the screen, in 64 steps. */
import type { Surface } from '../../../core/host/contract.ts';
import { type ColourTableName, colourAt } from '../map/colour-table.ts';
import type { Tick } from '../ticks.ts';
import { paper } from './paper.ts';
import { type Box, element, rounded, text } from './svg.ts';

export interface Colours {
  readonly table: ColourTableName;
  readonly range: readonly [number, number];
}

export interface ColourWords {
  readonly title: string;
  readonly ticks: readonly Tick[];
}

const SHADES = 64;

/** One path for each shade, of bins side by side. `energy` is any quantity over the bins. */
export function shades(
  { bins: [nx, ny], energy }: Surface,
  { table, range: [low, high] }: Colours,
  box: Box,
): string[] {
  const [w, h] = [box.width / nx, box.height / ny];
  const paths: string[] = new Array(SHADES).fill('');
  const shadeAt = (i: number, j: number) => {
    const F = energy[i * ny + j]!;
    if (Number.isNaN(F)) return -1;
    return Math.max(0, Math.min(SHADES - 1, Math.floor((SHADES * (F - low)) / (high - low))));
  };
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; ) {
      const shade = shadeAt(i, j);
      let end = i + 1;
      while (end < nx && shadeAt(end, j) === shade) end++;
      if (shade >= 0) {
        const corner = `M${rounded(box.x + i * w)} ${rounded(box.y + (ny - 1 - j) * h)}`;
        paths[shade] += `${corner}h${rounded((end - i) * w)}v${rounded(h)}h${rounded(-(end - i) * w)}z`;
      }
      i = end;
    }
  }
  return paths.flatMap((d, shade) => {
    if (d === '') return [];
    const fill = colourAt(table, (shade + 0.5) / SHADES);
    // A hair's breadth over its edges, or the ground shines through between the bins.
    return [element('path', { d, fill, stroke: fill, 'stroke-width': 0.4 })];
  });
}

/** Colours and what they stand for, right of a picture. */
export function colourBar({ table, range, title, ticks }: Colours & ColourWords, box: Box): string[] {
  const stops = Array.from({ length: 33 }, (_, i) =>
    element('stop', { offset: i / 32, 'stop-color': colourAt(table, i / 32) }),
  );
  const at = (value: number) => box.y + (box.height * (range[1] - value)) / (range[1] - range[0]);
  return [
    element('linearGradient', { id: 'scale', x1: 0, y1: 1, x2: 0, y2: 0 }, stops.join('')),
    element('rect', { ...box, fill: 'url(#scale)' }),
    ...ticks.map(({ value, label }) => text(box.x + box.width + 7, at(value) + 4, label)),
    text(box.x, box.y - 10, title, { fill: paper.ink }),
  ];
}
