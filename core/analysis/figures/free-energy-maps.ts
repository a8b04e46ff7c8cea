/**
 * Free-energy surfaces side by side on one colour scale (reference, samples, simulation) and, if asked, the difference
 * of two of them on a diverging one. Blank bins are unsampled, in the difference: unsampled in either. Contour lines
 * are drawn on a lightly smoothed copy; cells and CSV are the values as counted. F in kT or kJ/mol.
 */
import { ErgodicError } from '../../errors.ts';
import type { Interval } from '../../systems/toys/toy-system.ts';
import { type FreeEnergy, freeEnergyDifference } from '../free-energy/free-energy.ts';
import { binCentres } from '../free-energy/histogram.ts';
import { diverging, sequential } from './colour-map.ts';
import { csv } from './csv.ts';
import { contours, highestOf } from './heat-map.ts';
import { type MapGroup, mapRow } from './map-row.ts';
import { axisQuantity, axisTitle, columnTitle, columnValue, type Quantity, scaleKind } from './quantity.ts';
import type { Box, Figure } from './svg.ts';
import { INK } from './theme.ts';
import { linearTicks, niceRange } from './ticks.ts';

export interface SurfacePanel {
  readonly title: string;
  readonly surface: FreeEnergy;
}

export interface FreeEnergyMaps {
  readonly title: string;
  /** Periodic axes are angles. */
  readonly axes: readonly [Quantity, Quantity];
  readonly energyUnit: 'kT' | 'kJ/mol';
  /** All on the same grid. */
  readonly panels: readonly SurfacePanel[];
  /** Draws F of the panel `of` minus F of the panel `from` (indices). */
  readonly difference?: { readonly of: number; readonly from: number };
  /** Top of the scale; the highest value shown unless given. */
  readonly highest?: number;
}

export function freeEnergyMaps(figure: FreeEnergyMaps): Figure {
  const { title, energyUnit, panels, difference } = figure;
  const { grid } = panels[0]!.surface;
  if (panels.some(({ surface }) => surface.grid.bins !== grid.bins || surface.values.length !== grid.bins ** 2)) {
    throw new ErgodicError('Free-energy maps side by side need two-dimensional surfaces on one grid.');
  }
  const axes = figure.axes.map((axis, k) => axisQuantity(axis, grid.periodic, k)) as [Quantity, Quantity];
  const surfaces = panels.map(({ surface }) => surface.values);
  const range = figure.highest ? ([0, figure.highest] as const) : niceRange([0, highestOf(surfaces) || 1], 8);
  const levels = linearTicks(range, 12).map(({ value }) => value);
  const groups: MapGroup[] = [
    {
      panels: panels.map(({ title: name, surface }) => ({
        title: name,
        values: surface.values,
        overlay: (box: Box) => contours(box, surface, levels, { colour: INK, opacity: 0.4 }),
      })),
      range,
      map: sequential,
      label: axisTitle({ label: 'F', unit: energyUnit }),
    },
  ];
  const columns = panels.map((panel) => ({ label: `F ${panel.title}`, values: panel.surface.values }));
  if (difference) {
    const of = panels[difference.of]!;
    const from = panels[difference.from]!;
    const values = freeEnergyDifference(of.surface, from.surface);
    const span = differenceSpan(values, of.surface.kT);
    const name = `${of.title} − ${from.title}`;
    const label = axisTitle({ label: 'ΔF', unit: energyUnit });
    groups.push({ panels: [{ title: name, values }], range: [-span, span], map: diverging, label });
    columns.push({ label: `ΔF ${name}`, values });
  }
  const mapAxis = (k: 0 | 1) => ({
    title: axisTitle(axes[k]),
    limits: grid.limits[k] as Interval,
    kind: scaleKind(axes[k]),
  });
  return {
    svg: mapRow({ title, axes: [mapAxis(0), mapAxis(1)], bins: grid.bins, groups }),
    csv: mapTable(axes, energyUnit, panels[0]!.surface, columns),
  };
}

/** Covers 98 % of the bins, at least ½ kT: beyond are bins with a handful of counts. */
function differenceSpan(values: Float64Array, kT: number): number {
  const sizes = values
    .filter((F) => !Number.isNaN(F))
    .map(Math.abs)
    .sort();
  return niceRange([0, Math.max(kT / 2, sizes[Math.floor(0.98 * sizes.length)] ?? 0)], 2)[1];
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
    columnValue(axes[0], xs![Math.floor(cell / grid.bins)]!),
    columnValue(axes[1], ys![cell % grid.bins]!),
    ...columns.map(({ values }) => values[cell]!),
  ]);
  return csv(header, rows);
}
