/**
 * One-dimensional free-energy profiles side by side, one plot per axis of the plane: the reference solid ink with its
 * error band, the model coloured and dashed. One legend above both. F in kT or kJ/mol.
 */
import type { FreeEnergyProfile } from '../free-energy/free-energy-profile.ts';
import { figureTitle, MARGIN } from './axes.ts';
import { highestOf } from './heat-map.ts';
import { legend } from './legend.ts';
import { curveTable, drawChart, type LineChart, styleCurves } from './line-chart.ts';
import { axisQuantity, type Quantity } from './quantity.ts';
import { type Figure, svgDocument } from './svg.ts';
import { niceRange } from './ticks.ts';

export interface ProfilePanel {
  readonly axis: Quantity;
  readonly periodic?: boolean;
  /** The first is the reference. */
  readonly profiles: readonly { readonly name: string; readonly profile: FreeEnergyProfile }[];
}

export interface FreeEnergyProfiles {
  readonly title: string;
  readonly energyUnit: 'kT' | 'kJ/mol';
  readonly panels: readonly ProfilePanel[];
}

const PANEL = { width: 400, height: 250 } as const;

export function freeEnergyProfiles({ title, energyUnit, panels }: FreeEnergyProfiles): Figure {
  const values = panels.flatMap(({ profiles }) => profiles.map(({ profile }) => profile.values));
  const highest = niceRange([0, highestOf(values) || 1], 5)[1];
  const charts = panels.map(
    ({ axis, periodic, profiles }): LineChart => ({
      title,
      x: { ...axisQuantity(axis, periodic, 0), limits: axisLimits(profiles[0]!.profile) },
      y: { label: 'F', unit: energyUnit, limits: [-0.04 * highest, highest] },
      dashed: true,
      curves: profiles.map(({ name, profile }, i) => ({
        name,
        x: profile.centres,
        y: profile.values,
        error: profile.errors,
        ...(i === 0 ? { role: 'reference' as const } : {}),
      })),
    }),
  );
  const pitch = PANEL.width + MARGIN.left + 24;
  const width = pitch * panels.length;
  const entries = styleCurves(charts[0]!).map(({ entry }) => entry);
  const key = legend(entries, MARGIN.left, MARGIN.top + 4, width - MARGIN.left - 24);
  const top = MARGIN.top + key.height + 12;
  const plots = charts.map((chart, i) => drawChart({ x: MARGIN.left + i * pitch, y: top, ...PANEL }, chart));
  return {
    svg: svgDocument(width, top + PANEL.height + MARGIN.bottom, title, [figureTitle(title, width), key.svg, ...plots]),
    csv: curveTable(charts),
  };
}

/** The whole axis: from the outer edge of the first bin to that of the last. */
function axisLimits({ centres }: FreeEnergyProfile): readonly [number, number] {
  const half = (centres[1]! - centres[0]!) / 2;
  return [centres[0]! - half, centres.at(-1)! + half];
}
