/**
 * Metrics as people read them: times the noise floor, percent, pm, degrees, populations with the digits that their errors
 * leave. The same on a terminal, in a report and in the window.
 */
import type { Population } from '../free-energy/population.ts';
import type { AtEqualCount } from './equal-count.ts';

/** "1.4 ± 0.1 ×". */
export function timesText({ ratio, ratioError }: Pick<AtEqualCount, 'ratio' | 'ratioError'>): string {
  if (ratio === null || ratioError === null) return '–';
  if (ratio >= 100) return `${Math.round(ratio)} ×`;
  const places = ratio >= 10 ? 0 : ratioError < 0.05 ? 2 : 1;
  return `${ratio.toFixed(places)} ± ${ratioError.toFixed(places)} ×`;
}

/** Two significant digits. */
export const short = (value: number): string => String(Number(value.toPrecision(2)));
export const percent = (fraction: number): string => `${short(100 * fraction)} %`;
export const picometres = (nm: number): string => `${short(1000 * nm)} pm`;
export const degrees = (rad: number): string => `${short((180 * rad) / Math.PI)}°`;
export const countText = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

/** "2.1 ± 0.1 %". */
export function populationText({ fraction, standardError }: Population): string {
  const places = Math.max(0, Math.min(4, -Math.floor(Math.log10(100 * standardError))));
  return `${(100 * fraction).toFixed(places)} ± ${(100 * standardError).toFixed(places)} %`;
}

/** A difference in standard errors: "+3.3". */
export const differenceText = (z: number): string => `${z < 0 ? '−' : '+'}${Math.abs(z).toFixed(1)}`;
