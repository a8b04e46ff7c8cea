/**
 * Colours of numbers, as tables of 256: `uniform`, even to the eye from deep blue (low) to sand (high), and `difference`,
 * blue through grey to rust, both made in OKLab as in the exported figures (core/analysis/figures/colour-map.ts), so that
 * what is saved looks as it did here; `turbo`, for who asks for it, by the polynomial of its authors (Mikhailov, 2019);
 * `share`, from nothing to all of something, begins near the ground that it is drawn on, light or dark.
 */

export type ColourTableName = 'uniform' | 'turbo' | 'difference' | 'share' | 'share-dark';

/** 256 colours, red, green, blue of each 0 … 255. */
export type ColourTable = Uint8ClampedArray;

type Lab = readonly [number, number, number];

/** Lightness, chroma, hue in degrees. Lightness is a straight line. */
const UNIFORM: readonly Lab[] = [
  [0.27, 0.085, 272],
  [0.4275, 0.1, 245],
  [0.585, 0.098, 190],
  [0.7425, 0.115, 128],
  [0.9, 0.095, 88],
];
const BLUE: Lab = [0.45, 0.13, 252];
const GREY: Lab = [0.94, 0.006, 90];
const RUST: Lab = [0.45, 0.13, 38];
const NIGHT: Lab = [0.24, 0.02, 255];
const SKY: Lab = [0.88, 0.09, 235];

const colours: Record<ColourTableName, (fraction: number) => Lab> = {
  uniform: (fraction) => toRgb(alongSpline(UNIFORM.map(toLab), fraction)),
  difference: (fraction) => {
    const signed = 2 * fraction - 1;
    return toRgb(mix(toLab(GREY), toLab(signed < 0 ? BLUE : RUST), Math.abs(signed)));
  },
  turbo,
  share: (fraction) => toRgb(mix(toLab(GREY), toLab(BLUE), fraction)),
  'share-dark': (fraction) => toRgb(mix(toLab(NIGHT), toLab(SKY), fraction)),
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
export function colourAt(name: ColourTableName, fraction: number): string {
  const table = colourTable(name);
  const at = 3 * shade(fraction, 0, 1);
  return `#${[0, 1, 2].map((i) => table[at + i]!.toString(16).padStart(2, '0')).join('')}`;
}

function toLab([lightness, chroma, hue]: Lab): Lab {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

const mix = (a: Lab, b: Lab, t: number): Lab => [0, 1, 2].map((i) => a[i]! + t * (b[i]! - a[i]!)) as unknown as Lab;

/** Catmull–Rom, without kinks that the eye would read as edges. */
function alongSpline(points: readonly Lab[], fraction: number): Lab {
  const last = points.length - 1;
  const segment = Math.min(last - 1, Math.floor(fraction * last));
  const t = fraction * last - segment;
  const p1 = points[segment]!;
  const p2 = points[segment + 1]!;
  const p0 = points[segment - 1] ?? mix(p1, p2, -1);
  const p3 = points[segment + 2] ?? mix(p2, p1, -1);
  return [0, 1, 2].map((i) => {
    const slope1 = (p2[i]! - p0[i]!) / 2;
    const slope2 = (p3[i]! - p1[i]!) / 2;
    const rise = p2[i]! - p1[i]!;
    return p1[i]! + t * (slope1 + t * (3 * rise - 2 * slope1 - slope2 + t * (slope1 + slope2 - 2 * rise)));
  }) as unknown as Lab;
}

/** OKLab (Ottosson, 2020) to sRGB, 0 … 1. */
function toRgb([L, a, b]: Lab): Lab {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function encoded(linear: number): number {
  const stored = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.max(0, Math.min(1, stored));
}

const TURBO: readonly (readonly number[])[] = [
  [0.13572138, 4.6153926, -42.66032258, 132.13108234, -152.94239396, 59.28637943],
  [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604],
  [0.1066733, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973],
];

function turbo(fraction: number): Lab {
  return TURBO.map((factors) => {
    const value = factors.reduceRight((sum, factor) => sum * fraction + factor, 0);
    return Math.max(0, Math.min(1, value));
  }) as unknown as Lab;
}
