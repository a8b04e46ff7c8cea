/**
 * The frames of a trajectory as points in a plane, coloured by time, over the contour lines of a free-energy surface if
 * one is given. At most a few thousand evenly spaced frames are drawn; the CSV holds every frame. Frames outside the
 * limits are not drawn and their number is said.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { FreeEnergy } from '../free-energy/free-energy.ts';
import { isPeriodic, wrap } from '../free-energy/histogram.ts';
import type { Plane } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import { figureTitle, gridLines, HEADING, MARGIN, plotFrame } from './axes.ts';
import { colourBar, SHADES, shadeColour, shadeOf } from './colour-bar.ts';
import { sequential } from './colour-map.ts';
import { csv } from './csv.ts';
import { contours, highestOf } from './heat-map.ts';
import { axisQuantity, axisTitle, columnTitle, columnValue, type Quantity, scaleKind } from './quantity.ts';
import { makeScale } from './scale.ts';
import { element, type Figure, pixels, svgDocument, text } from './svg.ts';
import { MUTED } from './theme.ts';
import { linearTicks } from './ticks.ts';

export interface TrajectoryScatter {
  readonly title: string;
  readonly plane: Plane;
  readonly axes: readonly [Quantity, Quantity];
  readonly points: Points;
  /** Time of each frame. */
  readonly time: Quantity & { readonly values: ArrayLike<number> };
  readonly background?: FreeEnergy;
}

const SIZE = 340;
const DRAWN = 4000;

export function trajectoryScatter(figure: TrajectoryScatter): Figure {
  const { title, plane, axes, points, time, background } = figure;
  const [xs, ys] = points as [ArrayLike<number>, ArrayLike<number>];
  const [xLimits, yLimits] = plane.limits as readonly [Interval, Interval];
  const box = { x: MARGIN.left, y: MARGIN.top + HEADING, width: SIZE, height: SIZE };
  const [xAxis, yAxis] = axes.map((axis, k) => axisQuantity(axis, plane.periodic, k)) as [Quantity, Quantity];
  const x = makeScale(scaleKind(xAxis), xLimits, [box.x, box.x + SIZE], 6);
  const y = makeScale(scaleKind(yAxis), yLimits, [box.y + SIZE, box.y], 7);
  const range: Interval = [time.values[0]!, time.values[time.values.length - 1]!];
  const every = Math.max(1, Math.ceil(xs.length / DRAWN));
  const paths = Array.from({ length: SHADES }, () => '');
  let outside = 0;
  for (let i = 0; i < xs.length; i++) {
    const px = isPeriodic(plane.periodic, 0) ? wrap(xs[i]!, xLimits) : xs[i]!;
    const py = isPeriodic(plane.periodic, 1) ? wrap(ys[i]!, yLimits) : ys[i]!;
    if (!(px >= xLimits[0] && px <= xLimits[1] && py >= yLimits[0] && py <= yLimits[1])) outside++;
    else if (i % every === 0) paths[shadeOf(time.values[i]!, range)] += `M${pixels(x.at(px))} ${pixels(y.at(py))}h0`;
  }
  const dots = paths.flatMap((d, shade) =>
    d ? [element('path', { d, stroke: shadeColour(sequential, shade), 'stroke-width': 3.2 })] : [],
  );
  const note = [
    every > 1 ? `${xs.length} frames, one in ${every} drawn` : `${xs.length} frames`,
    ...(outside > 0 ? [`${outside} outside the limits`] : []),
  ].join(', ');
  const foot = box.y + SIZE + MARGIN.bottom + 14;
  const width = box.x + SIZE + 110;
  const parts = [
    figureTitle(title, width),
    background
      ? contours(box, background, contourLevels(background), { colour: MUTED, opacity: 0.6 })
      : gridLines(box, x, y),
    element('g', { 'stroke-linecap': 'round', 'stroke-opacity': 0.75, fill: 'none' }, ...dots),
    plotFrame(box, x, y, { xTitle: axisTitle(xAxis), yTitle: axisTitle(yAxis) }),
    colourBar(
      { x: box.x + SIZE + 20, y: box.y, width: 14, height: SIZE },
      { label: axisTitle(time), range, map: sequential, clipped: [false, false] },
    ),
    text(box.x, foot, note, { fill: MUTED }),
  ];
  const rows = Array.from({ length: xs.length }, (_, i) => [
    time.values[i]!,
    columnValue(xAxis, xs[i]!),
    columnValue(yAxis, ys[i]!),
  ]);
  return {
    svg: svgDocument(width, foot + 14, title, parts),
    csv: csv([time, xAxis, yAxis].map(columnTitle), rows),
  };
}

function contourLevels({ values, kT }: FreeEnergy): number[] {
  const highest = Math.max(highestOf([values]), kT);
  return linearTicks([0, highest], 10).map(({ value }) => value);
}
