/**
 * The vertical colour bar beside a map, in the same discrete steps as the map, its label above it. Pointed ends mean
 * that values beyond the end are drawn in the last colour. CSS pixels.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { ColourMap } from './colour-map.ts';
import { makeScale } from './scale.ts';
import { type Box, element, text } from './svg.ts';
import { FRAME, INK, LABEL_SIZE, MUTED, TICK_SIZE } from './theme.ts';
import type { Tick } from './ticks.ts';

/** Shades of a map and its bar. */
export const SHADES = 48;

/** Shade 0 … SHADES − 1 of a value. */
export function shadeOf(value: number, [low, high]: Interval): number {
  const shade = Math.floor(((value - low) / (high - low)) * SHADES);
  return Math.min(SHADES - 1, Math.max(0, shade));
}

export const shadeColour = (map: ColourMap, shade: number): string => map((shade + 0.5) / SHADES);

export interface ColourBarOptions {
  readonly label: string;
  readonly range: Interval;
  readonly map: ColourMap;
  /** Those of the range unless given. */
  readonly ticks?: readonly Tick[];
  /** Values lie below, above the range. */
  readonly clipped: readonly [below: boolean, above: boolean];
}

export function colourBar(box: Box, { label, range, map, clipped, ticks }: ColourBarOptions): string {
  const point = 9;
  const top = box.y + (clipped[1] ? point : 0);
  const bottom = box.y + box.height - (clipped[0] ? point : 0);
  const right = box.x + box.width;
  const centre = box.x + box.width / 2;
  const scale = makeScale('linear', range, [bottom, top], 6);
  const step = (bottom - top) / SHADES;
  const shades = Array.from({ length: SHADES }, (_, shade) =>
    element('rect', {
      x: box.x,
      y: bottom - (shade + 1) * step,
      width: box.width,
      // A little over, hidden by the next shade, so that no seam shows through.
      height: shade === 0 ? step : step + 0.6,
      fill: shadeColour(map, shade),
    }),
  );
  const outline =
    `M${box.x} ${bottom}${clipped[0] ? `L${centre} ${box.y + box.height}` : ''}L${right} ${bottom}L${right} ${top}` +
    `${clipped[1] ? `L${centre} ${box.y}` : ''}L${box.x} ${top}Z`;
  return [
    ...(clipped[1] ? [triangle(box.x, right, top, box.y, shadeColour(map, SHADES - 1))] : []),
    ...(clipped[0] ? [triangle(box.x, right, bottom, box.y + box.height, shadeColour(map, 0))] : []),
    ...shades,
    element('path', { d: outline, fill: 'none', stroke: FRAME }),
    ...(ticks ?? scale.ticks).flatMap(({ value, label: written }) => [
      element('path', { d: `M${right} ${scale.at(value).toFixed(2)}h4`, stroke: FRAME, fill: 'none' }),
      text(right + 8, scale.at(value) + 0.35 * TICK_SIZE, written, { fill: MUTED }),
    ]),
    text(box.x, box.y - 10, label, { 'font-size': LABEL_SIZE, fill: INK }),
  ].join('');
}

function triangle(left: number, right: number, base: number, tip: number, fill: string): string {
  return element('path', { d: `M${left} ${base}L${(left + right) / 2} ${tip}L${right} ${base}Z`, fill });
}
