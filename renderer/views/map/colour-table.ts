/**
 * The colour maps of the figures (core/analysis/figures/colour-map.ts) as tables of 256 that canvases are painted with,
 * by the names under which the window knows them. Not here: any colour.
 */
import {
  contactOnDarkRgb,
  contactRgb,
  divergingRgb,
  hexadecimal,
  type Rgb,
  sequentialRgb,
  turboRgb,
} from '../../../core/analysis/figures/colour-map.ts';

export type ColourTableName = 'uniform' | 'turbo' | 'difference' | 'contact' | 'contact-dark';

/** 256 colours, red, green, blue of each 0 … 255. */
export type ColourTable = Uint8ClampedArray;

const colours: Record<ColourTableName, (fraction: number) => Rgb> = {
  uniform: sequentialRgb,
  difference: divergingRgb,
  turbo: turboRgb,
  contact: contactRgb,
  'contact-dark': contactOnDarkRgb,
};

const made = new Map<ColourTableName, ColourTable>();

export function colourTable(name: ColourTableName): ColourTable {
  let table = made.get(name);
  if (!table) {
    table = new Uint8ClampedArray(3 * 256);
    for (let i = 0; i < 256; i++) {
      table.set(
        colours[name](i / 255).map((channel) => Math.round(255 * channel)),
        3 * i,
      );
    }
    made.set(name, table);
  }
  return table;
}

/** Which of the 256 a value has on a scale. */
export function shade(value: number, low: number, high: number): number {
  return Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (high - low))));
}

/** #rrggbb of a fraction 0 … 1. */
export const colourAt = (name: ColourTableName, fraction: number): string =>
  hexadecimal(colours[name](shade(fraction, 0, 1) / 255));
