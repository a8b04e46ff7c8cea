/** From data to pixels along one axis, linear, logarithmic, or of an angle in rad that is labelled in degrees. */
import { ErgodicError } from '../../errors.ts';
import type { Interval } from '../../systems/toys/toy-system.ts';
import { angleTicks, linearTicks, logTicks, type Tick } from './ticks.ts';

export type ScaleKind = 'linear' | 'log' | 'angle';

export interface Scale {
  readonly domain: Interval;
  readonly ticks: readonly Tick[];
  /** Pixel of a value; NaN where a logarithmic axis has none. */
  at(value: number): number;
}

/** `tickCount` is how many labels there is room for. */
export function makeScale(kind: ScaleKind, domain: Interval, pixels: Interval, tickCount: number): Scale {
  const along = (fraction: number) => pixels[0] + fraction * (pixels[1] - pixels[0]);
  const [low, high] = domain;
  if (kind === 'log') {
    if (!(low > 0)) throw new ErgodicError(`A logarithmic axis needs values above 0, not ${low}.`);
    const span = Math.log(high / low);
    const at = (value: number) => (value > 0 ? along(Math.log(value / low) / span) : Number.NaN);
    return { domain, ticks: logTicks(domain, tickCount), at };
  }
  const ticks = kind === 'angle' ? angleTicks(domain, tickCount) : linearTicks(domain, tickCount);
  return { domain, ticks, at: (value) => along((value - low) / (high - low)) };
}
