/**
 * Colours of numbers, as tables of 256: `uniform`, even to the eye from deep blue (low) to sand (high), and `difference`,
 * blue through grey to rust, are those of the exported figures; `turbo`, for who asks for it, is the polynomial of its
 * authors (Mikhailov, 2019); `share`, from nothing to all of something, begins near the ground that it is drawn on, light
 * or dark.
 */
import {
  BLUE,
  between,
  type ControlPoint,
  divergingRgb,
  GREY,
  hexadecimal,
  type Rgb,
  sequentialRgb,
} from '../../../core/analysis/figures/colour-map.ts';

export type ColourTableName = 'uniform' | 'turbo' | 'difference' | 'share' | 'share-dark';

/** 256 colours, red, green, blue of each 0 … 255. */
export type ColourTable = Uint8ClampedArray;

const NIGHT: ControlPoint = [0.24, 0.02, 255];
const SKY: ControlPoint = [0.88, 0.09, 235];

const colours: Record<ColourTableName, (fraction: number) => Rgb> = {
  uniform: sequentialRgb,
  difference: divergingRgb,
  turbo,
  share: (fraction) => between(GREY, BLUE, fraction),
  'share-dark': (fraction) => between(NIGHT, SKY, fraction),
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

const TURBO: readonly (readonly number[])[] = [
  [0.13572138, 4.6153926, -42.66032258, 132.13108234, -152.94239396, 59.28637943],
  [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604],
  [0.1066733, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973],
];

function turbo(fraction: number): Rgb {
  return TURBO.map((factors) => {
    const value = factors.reduceRight((sum, factor) => sum * fraction + factor, 0);
    return Math.max(0, Math.min(1, value));
  }) as unknown as Rgb;
}
