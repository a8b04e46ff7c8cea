/** The frame of a saved plot: border, ticks with their labels, titles of the axes; CSS pixels. */
import type { Tick } from '../ticks.ts';
import { paper } from './paper.ts';
import { type Box, element, rounded, text } from './svg.ts';

export interface FrameAxis {
  readonly title: string;
  readonly ticks: readonly Tick[];
  /** Where a value stands, in pixels. */
  readonly at: (value: number) => number;
}

export function frame(box: Box, x: FrameAxis, y: FrameAxis): string {
  const bottom = box.y + box.height;
  const middle = box.y + box.height / 2;
  const marks = [
    ...x.ticks.map(({ value }) => `M${rounded(x.at(value))} ${rounded(bottom)}v4`),
    ...y.ticks.map(({ value }) => `M${rounded(box.x)} ${rounded(y.at(value))}h-4`),
  ];
  const titleX = box.x - 46;
  return [
    element('rect', { ...box, fill: 'none', stroke: paper.dim }),
    element('path', { d: marks.join(''), stroke: paper.dim, fill: 'none' }),
    ...x.ticks.map(({ value, label }) => text(x.at(value), bottom + 18, label, { 'text-anchor': 'middle' })),
    ...y.ticks.map(({ value, label }) => text(box.x - 8, y.at(value) + 4, label, { 'text-anchor': 'end' })),
    text(box.x + box.width / 2, bottom + 36, x.title, { 'text-anchor': 'middle', fill: paper.ink, 'font-size': 13 }),
    text(titleX, middle, y.title, {
      'text-anchor': 'middle',
      fill: paper.ink,
      'font-size': 13,
      transform: `rotate(-90 ${rounded(titleX)} ${rounded(middle)})`,
    }),
  ].join('');
}
