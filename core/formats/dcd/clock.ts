/**
 * The one clock of a DCD file: frame i is at step firstStep + i · stepsPerFrame, and at that many time steps.
 * The steps and times of frames are checked against it as they come (a file with wrong times is worse than none), and
 * the three numbers are chosen after the last. Where frames have steps, these are kept; where they have times only, or
 * times that steps do not explain (a run that was continued with its clock set back), steps are made up for the times.
 */
import { ErgodicError } from '../../errors.ts';
import { fewestDigits } from '../fewest-digits.ts';
import type { Frame } from '../trajectory.ts';

export interface DcdClockReading {
  readonly frames: number;
  readonly firstStep: number;
  readonly stepsPerFrame: number;
  /** ps; 0 where nothing says what it is. */
  readonly timeStep: number;
}

type Kind = 'step' | 'time';

/** Evenly spaced values, as far as they have come. */
interface Series {
  readonly kind: Kind;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

const LARGEST = 2 ** 31 - 1;
/** So many made-up steps per frame are tried for a first time that is no multiple of the interval. */
const MOST_STEPS_PER_FRAME = 10_000;

/** Without the noise of single precision, where the values are no steps. */
function interval({ kind, first, last, count }: Series): number {
  if (count === 1) return 0;
  const mean = (last - first) / (count - 1);
  return kind === 'step' ? mean : fewestDigits(mean, (ROUNDING * Math.abs(last)) / (count - 1));
}

/** Times are single precision in many files. */
const SINGLE = 3e-7;
const ROUNDING = 2 ** -23;

const tolerance = ({ first, last, kind }: Series, spacing: number): number =>
  kind === 'step' ? 0 : 1e-3 * spacing + SINGLE * Math.max(Math.abs(first), Math.abs(last));

/** `spacing`: ps between frames, for frames that have no times. */
export function dcdClock(spacing: number | undefined) {
  let frames = 0;
  const series: Record<Kind, Series | undefined> = { step: undefined, time: undefined };

  const tick = (frame: Frame): void => {
    for (const kind of ['step', 'time'] as const) {
      const value = frame[kind];
      const before = series[kind];
      if (frames === 0) {
        series[kind] = value === undefined ? undefined : { kind, first: value, last: value, count: 1 };
        continue;
      }
      if (value === undefined && before === undefined) continue;
      const next = before && (before.count > 1 ? interval(before) : (value ?? 0) - before.last);
      if (value === undefined || !before || !(next! > 0) || !isNext(before, value, next!)) {
        throw new ErgodicError(
          `Frame ${frames} is at ${kind} ${value ?? 'unknown'}, which does not follow evenly on ` +
            `${before?.last ?? 'frames without one'}, and DCD has one spacing for all frames: write XTC, ` +
            `or leave the ${kind}s out.`,
        );
      }
      series[kind] = { ...before, last: value, count: before.count + 1 };
    }
    frames++;
  };
  return { tick, reading: (): DcdClockReading => ({ frames, ...choose(series.step, series.time, spacing) }) };
}

function isNext(before: Series, value: number, spacing: number): boolean {
  return Math.abs(value - (before.first + before.count * spacing)) <= tolerance(before, spacing);
}

type Choice = Omit<DcdClockReading, 'frames'>;

function choose(steps: Series | undefined, times: Series | undefined, spacing: number | undefined): Choice {
  const stepsPerFrame = (steps && interval(steps)) || 1;
  const firstStep = steps?.first ?? 0;
  const counted = fits(firstStep, stepsPerFrame);
  if (times) return (counted && steps && explained(steps, times, stepsPerFrame)) || fromTimes(times);
  if (counted) return { firstStep, stepsPerFrame, timeStep: (spacing ?? 0) / stepsPerFrame };
  throw new ErgodicError(`Step ${steps?.last} is beyond the 32 bits that DCD has for steps: leave the steps out.`);
}

/** The time step with which the steps give the times. */
function explained(steps: Series, times: Series, stepsPerFrame: number): Choice | undefined {
  const timeStep = times.count > 1 ? interval(times) / stepsPerFrame : times.first / steps.first;
  const near = Math.max(tolerance(times, interval(times)), 1e-3 * timeStep);
  const agrees = Math.abs(times.first - steps.first * timeStep) <= near;
  return timeStep > 0 && agrees ? { firstStep: steps.first, stepsPerFrame, timeStep } : undefined;
}

function fromTimes(times: Series): Choice {
  const spacing = interval(times) || Math.abs(times.first);
  // A single frame at time 0 is there with any time step.
  if (spacing === 0) return { firstStep: 0, stepsPerFrame: 1, timeStep: 1 };
  for (let stepsPerFrame = 1; ; stepsPerFrame++) {
    const timeStep = spacing / stepsPerFrame;
    const firstStep = Math.round(times.first / timeStep);
    const near = Math.abs(times.first - firstStep * timeStep) <= 1e-6 * spacing + SINGLE * Math.abs(times.first);
    if (!near && stepsPerFrame < MOST_STEPS_PER_FRAME) continue;
    if (fits(firstStep, stepsPerFrame)) return { firstStep, stepsPerFrame, timeStep };
    throw new ErgodicError(
      `Frames every ${spacing} ps from ${times.first} ps on cannot be counted in the steps that DCD has: ` +
        'write XTC, or leave the times out.',
    );
  }
}

const fits = (firstStep: number, stepsPerFrame: number): boolean =>
  Number.isInteger(stepsPerFrame) && stepsPerFrame <= LARGEST && Math.abs(firstStep) <= LARGEST;
