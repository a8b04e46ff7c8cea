/**
 * Perceptually uniform colour maps, interpolated in OKLab (Ottosson, 2020). Lightness is a straight line, so equal steps
 * of the value look equal and survive grey printing; hue and chroma follow control points of our own.
 * `sequential` runs from deep blue (low) through green to sand (high); `diverging` from blue through grey to rust;
 * contacts from near the ground they are drawn on, light or dark, to blue. `turbo`, for those who ask for it, is the
 * polynomial of its authors (Mikhailov, 2019) and not uniform.
 */

/** A colour of OKLCH: lightness 0 … 1, chroma, hue in degrees. */
type ControlPoint = readonly [lightness: number, chroma: number, hue: number];
type Lab = readonly [number, number, number];

const SEQUENTIAL: readonly ControlPoint[] = [
  [0.27, 0.085, 272],
  [0.4275, 0.1, 245],
  [0.585, 0.098, 190],
  [0.7425, 0.115, 128],
  [0.9, 0.095, 88],
];

const BLUE: ControlPoint = [0.45, 0.13, 252];
const GREY: ControlPoint = [0.94, 0.006, 90];
const RUST: ControlPoint = [0.45, 0.13, 38];
const NIGHT: ControlPoint = [0.24, 0.02, 255];
const SKY: ControlPoint = [0.88, 0.09, 235];

/** Red, green and blue, 0 … 1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Fractions 0 … 1; those outside are clamped. */
export const sequentialRgb = (fraction: number): Rgb => toRgb(alongSpline(SEQUENTIAL.map(toLab), clamp(fraction)));

/** 0 is full blue, ½ neutral, 1 full rust. */
export const divergingRgb = (fraction: number): Rgb => {
  const signed = 2 * clamp(fraction) - 1;
  return between(GREY, signed < 0 ? BLUE : RUST, Math.abs(signed));
};

/** From never to always in contact: never is light but not the white of the paper, which says that nothing was counted. */
export const contactRgb = (fraction: number): Rgb => between(GREY, BLUE, clamp(fraction));
/** The same on a dark ground. */
export const contactOnDarkRgb = (fraction: number): Rgb => between(NIGHT, SKY, clamp(fraction));

const TURBO: readonly (readonly number[])[] = [
  [0.13572138, 4.6153926, -42.66032258, 132.13108234, -152.94239396, 59.28637943],
  [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604],
  [0.1066733, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973],
];

export const turboRgb = (fraction: number): Rgb =>
  TURBO.map((factors) =>
    clamp(factors.reduceRight((sum, factor) => sum * clamp(fraction) + factor, 0)),
  ) as unknown as Rgb;

const between = (from: ControlPoint, to: ControlPoint, fraction: number): Rgb =>
  toRgb(mix(toLab(from), toLab(to), fraction));

/** `#rrggbb` of a fraction 0 … 1. */
export type ColourMap = (fraction: number) => string;

export const sequential: ColourMap = (fraction) => hexadecimal(sequentialRgb(fraction));
export const diverging: ColourMap = (fraction) => hexadecimal(divergingRgb(fraction));
export const contact: ColourMap = (fraction) => hexadecimal(contactRgb(fraction));

function toLab([lightness, chroma, hue]: ControlPoint): Lab {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

const clamp = (fraction: number) => Math.min(1, Math.max(0, fraction));
const mix = (a: Lab, b: Lab, t: number): Lab => [0, 1, 2].map((i) => a[i]! + t * (b[i]! - a[i]!)) as unknown as Lab;

/** Catmull–Rom through evenly spaced points, without kinks that the eye would read as edges. */
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

function toRgb([L, a, b]: Lab): Rgb {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    clamp(encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)),
    clamp(encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)),
    clamp(encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)),
  ];
}

export const hexadecimal = (colour: Rgb): string => {
  const digits = colour.map((channel) =>
    Math.round(255 * channel)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${digits.join('')}`;
};

const encode = (linear: number) => (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
