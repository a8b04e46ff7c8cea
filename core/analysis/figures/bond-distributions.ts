/**
 * How bond lengths are distributed, one small plot per bond: the reference solid ink, models coloured and dashed, with
 * their Wasserstein-1 distances from the reference in their colours. Every plot has its own axes: what counts is how the
 * curves of one bond differ. Of many bonds those that differ most are drawn. The CSV holds the densities of all.
 */
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { Points } from '../free-energy/points.ts';
import { countedRange, LengthCount, lengthRange } from '../metrics/bond-densities.ts';
import { wasserstein1 } from '../metrics/wasserstein.ts';
import { figureTitle, MARGIN, plotFrame } from './axes.ts';
import { csv } from './csv.ts';
import { legend } from './legend.ts';
import { polyline } from './polyline.ts';
import { makeScale } from './scale.ts';
import { type Box, element, type Figure, fitText, svgDocument, text, textWidth } from './svg.ts';
import { INK, LABEL_SIZE, lineStyle, MUTED } from './theme.ts';

export interface BondDistributions {
  readonly title: string;
  /** Names of the bonds, "C–N". */
  readonly bonds: readonly string[];
  /** The first is the reference; lengths of each bond, nm, none that is no number. */
  readonly sets: readonly { readonly name: string; readonly lengths: Points }[];
}

const PANEL = { width: 168, height: 96, pitchX: 200, pitchY: 146 } as const;
const COLUMNS = 4;
const MOST = 24;

interface Drawn {
  readonly name: string;
  readonly limits: Interval;
  /** Of the bins, nm. */
  readonly centres: Float64Array;
  /** One per set, 1/nm. */
  readonly densities: readonly Float64Array[];
  /** One per model, nm. */
  readonly w1: readonly number[];
}

export function bondDistributions({ title, bonds, sets }: BondDistributions): Figure {
  const all = bonds.map((name, bond) =>
    densitiesOf(
      name,
      sets.map(({ lengths }) => lengths[bond]!),
    ),
  );
  const worst = (drawn: Drawn) => Math.max(0, ...drawn.w1);
  const kept = new Set(all.toSorted((a, b) => worst(b) - worst(a)).slice(0, MOST));
  const shown = all.filter((drawn) => kept.has(drawn));
  const columns = Math.min(COLUMNS, shown.length);
  const width = Math.max(420, MARGIN.left + columns * PANEL.pitchX);
  const styles = sets.map(({ name }, set) => ({ name, ...styleOf(set) }));
  const key = legend(styles, MARGIN.left, MARGIN.top + 4, width - MARGIN.left);
  const top = MARGIN.top + key.height + 40;
  const parts = shown.map((drawn, i) => {
    const x = MARGIN.left + (i % columns) * PANEL.pitchX;
    const y = top + Math.floor(i / columns) * PANEL.pitchY;
    return drawPanel({ x, y, width: PANEL.width, height: PANEL.height }, drawn, i + columns >= shown.length);
  });
  const foot = top + Math.ceil(shown.length / columns) * PANEL.pitchY + 14;
  const note = [
    ...(sets.length > 1 ? ['numbers: Wasserstein-1 distance from the reference, pm'] : []),
    ...(shown.length < all.length ? [`the ${MOST} of ${all.length} bonds that differ most`] : []),
  ].join('; ');
  return {
    svg: svgDocument(width, foot + 16, title, [
      figureTitle(title, width),
      key.svg,
      ...parts,
      text(MARGIN.left, foot, fitText(note, width - MARGIN.left - 12), { fill: MUTED }),
    ]),
    csv: densityTable(
      sets.map(({ name }) => name),
      all,
    ),
  };
}

const styleOf = (set: number): { colour: string; dash?: string } => (set === 0 ? { colour: INK } : lineStyle(set - 1));

function densitiesOf(name: string, sets: readonly ArrayLike<number>[]): Drawn {
  const limits = countedRange(lengthRange(sets[0]!));
  const counts = sets.map((lengths) => {
    const count = new LengthCount(limits);
    count.add(lengths);
    return count;
  });
  return {
    name,
    limits,
    centres: counts[0]!.centres,
    densities: counts.map(({ density }) => density),
    w1: sets.slice(1).map((lengths) => wasserstein1(lengths, sets[0]!)),
  };
}

function drawPanel(box: Box, { name, limits, centres, densities, w1 }: Drawn, lowest: boolean): string {
  const highest = densities.reduce((top, values) => values.reduce((a, b) => Math.max(a, b), top), 0);
  const x = makeScale('linear', limits, [box.x, box.x + box.width], 4);
  const y = makeScale('linear', [0, 1.08 * highest], [box.y + box.height, box.y], 2);
  const curves = densities.map((values, set) => {
    const { colour, dash } = styleOf(set);
    const d = polyline(centres, values, x, y);
    const width = set === 0 ? 1.4 : 1.7;
    return element('path', { d, fill: 'none', stroke: colour, 'stroke-width': width, 'stroke-dasharray': dash });
  });
  const numbers: string[] = [];
  let right = box.x + box.width;
  for (const [model, distance] of [...w1.entries()].reverse()) {
    const written = picometres(distance);
    numbers.push(text(right, box.y - 8, written, { 'text-anchor': 'end', fill: styleOf(model + 1).colour }));
    right -= textWidth(written) + 10;
  }
  return [
    ...curves,
    plotFrame(box, x, { ...y, ticks: [] }, { xTitle: lowest ? 'length / nm' : '', yTitle: '', yLabels: false }),
    text(box.x, box.y - 8, fitText(name, right - box.x, LABEL_SIZE), { 'font-size': LABEL_SIZE }),
    ...numbers,
  ].join('');
}

const picometres = (nm: number): string => (1000 * nm).toFixed(1000 * nm < 9.95 ? 2 : 1);

function densityTable(names: readonly string[], bonds: readonly Drawn[]): string {
  const header = ['bond', 'length (nm)', ...names.map((name) => `density ${name} (1/nm)`)];
  const rows = bonds.flatMap(({ name, centres, densities }) =>
    Array.from(centres, (centre, bin) => [name, centre, ...densities.map((values) => values[bin]!)]),
  );
  return csv(header, rows);
}
