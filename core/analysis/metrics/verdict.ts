/**
 * How good a result is, in words: by its free-energy error beside the noise floor of as many frames (equal-count.ts), and
 * by what is wrong most of all that a person would look at: probability where there is none, populations, bonds, angles,
 * mirror images. Beyond chance and large enough to matter, each on its own scale; not a measure of its own.
 */

import type { MirrorImages } from './chirality.ts';
import { type AtEqualCount, aboveFloor, type EqualCount } from './equal-count.ts';
import { countText, degrees, percent, picometres, timesText } from './measure-text.ts';
import type { State } from './state-populations.ts';
import type { StiffGeometry } from './stiff-geometry.ts';

export interface Judged<Name extends string> {
  readonly name: Name;
  /** "samples": how a sentence calls it. */
  readonly title: string;
  readonly equalCount: EqualCount;
  readonly states: readonly State<Name>[];
  readonly geometry: StiffGeometry | null;
  readonly mirror: MirrorImages | null;
  /** As how many independent frames it counts, where its frames are correlated. */
  readonly independent?: number;
}

export interface Verdict {
  /** No measure tells it from true data. */
  readonly atFloor: boolean;
  readonly text: string;
}

interface Fault {
  readonly text: string;
  /** 1: worth a word. */
  readonly weight: number;
}

/** Standard deviations, or standard errors, beyond which a difference is taken for one. */
const BEYOND_CHANCE = 3;
const MOST_NAMED = 3;

export function verdictOf<Name extends string>(judged: Judged<Name>): Verdict {
  const { title, equalCount, independent } = judged;
  const { pmf, count } = equalCount;
  const faults = faultsOf(judged).sort((a, b) => b.weight - a.weight);
  const named = faults.slice(0, MOST_NAMED).map(({ text }) => text);
  const good = pmf.ratio !== null && !isAbove(pmf);
  const times = pmf.ratio === null ? '' : `${timesText(pmf)} the noise floor`;
  const limit = `${countText(count)} independent frames`;
  const lead = good
    ? `as good as ${limit} allow (${times})`
    : pmf.ratio === null
      ? `too few frames for a noise floor`
      : `${times} of ${limit}`;
  const rest = named.length === 0 ? '' : good ? `, but ${named.join('; ')}` : `; most wrong: ${named.join('; ')}`;
  const correlated =
    !good && independent !== undefined && independent < count / 2
      ? ` Its frames are correlated and count as about ${countText(Number(independent.toPrecision(2)))} independent ones, so a part may be its length.`
      : '';
  return { atFloor: good && faults.length === 0, text: `${title}: ${lead}${rest}.${correlated}` };
}

/** One of two models against its other use. */
export function agreementOf(equalCount: EqualCount): Verdict {
  const { pmf, count } = equalCount;
  const atFloor = pmf.ratio !== null && !isAbove(pmf);
  const times = pmf.ratio === null ? 'too few frames for a noise floor' : `${timesText(pmf)} the noise floor`;
  const text = atFloor
    ? `Samples and simulation agree as well as ${countText(count)} independent frames can (${times}).`
    : `Samples and simulation differ: ${times} of ${countText(count)} independent frames.`;
  return { atFloor, text };
}

const isAbove = (measure: AtEqualCount): boolean => aboveFloor(measure) > BEYOND_CHANCE - 1;

function faultsOf<Name extends string>({ name, equalCount, states, geometry, mirror }: Judged<Name>): Fault[] {
  const faults: Fault[] = [];
  const { junk, bonds, angles } = equalCount;
  const beyond = (measure: AtEqualCount, times: number) =>
    aboveFloor(measure) > BEYOND_CHANCE && measure.value.mean > times * measure.floor.mean;
  if (beyond(junk, 1.5)) {
    faults.push({
      text: `${percent(junk.value.mean)} lies where the reference has nothing (${percent(junk.floor.mean)} of true frames)`,
      weight: (junk.value.mean - junk.floor.mean) / 0.002,
    });
  }
  const worst = states.reduce<State<Name> | undefined>(
    (most, state) => (Math.abs(state.sets[name]?.z ?? 0) > Math.abs(most?.sets[name]?.z ?? 0) ? state : most),
    undefined,
  );
  const own = worst?.sets[name];
  if (worst && own && Math.abs(own.z) > BEYOND_CHANCE) {
    faults.push({
      text: `the population of ${worst.name} is ${percent(own.fraction)} instead of ${percent(worst.reference.fraction)} (${Math.abs(own.z).toFixed(1)} standard errors off)`,
      weight: Math.abs(own.z) / BEYOND_CHANCE,
    });
  }
  if (bonds && beyond(bonds, 2)) {
    faults.push({
      text: `bonds are off by ${picometres(bonds.value.mean)} (${picometres(bonds.floor.mean)} of true frames)`,
      weight: bonds.value.mean / 2e-4,
    });
  }
  if (angles && beyond(angles, 2)) {
    faults.push({
      text: `angles are off by ${degrees(angles.value.mean)} (${degrees(angles.floor.mean)} of true frames)`,
      weight: angles.value.mean / 0.01,
    });
  }
  if (geometry && geometry.bondOff > geometry.bondOffReference + 0.002) {
    faults.push({
      text: `${percent(geometry.bondOff)} of frames have a bond off by more than 15 pm`,
      weight: geometry.bondOff / 0.002,
    });
  }
  if (mirror && mirror.fraction > mirror.reference + 0.001) {
    faults.push({ text: `${percent(mirror.fraction)} of frames are mirror images`, weight: mirror.fraction / 0.001 });
  }
  return faults;
}
