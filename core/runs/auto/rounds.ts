/**
 * Whether training goes on for another round, by samples of the model that there is and by its validation loss: as long as
 * one of them comes closer to the data and the time lasts. Decisions are recorded, so that a run that is killed makes the same ones again.
 */
import { againstReference, type EqualCount } from '../../analysis/metrics/equal-count.ts';
import type { TrainableNetwork, TrainedNetwork } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { RunData } from '../data/run-data.ts';
import { withEngine } from '../engine-session.ts';
import { measuredIn } from '../evaluation/evaluate.ts';
import type { Follower } from '../follower.ts';
import { samplesOf } from '../sampling/sample.ts';
import type { ValidationLine } from '../training/training-log.ts';
import type { RecordedChoice, RoundOutcome } from './recorded-choice.ts';

/** Samples that a round is judged by, at most. */
const JUDGED = 10_000;
const MOST_ROUNDS = 4;
/** Above the floor by less than this is as good as the data allow. */
const AT_THE_FLOOR = 1.1;
/** A round that lowers neither the ratio nor the validation loss by this fraction has not helped. */
const HELPED = { ratio: 0.05, loss: 0.001 };

/** The free-energy error of samples beside the noise floor of as many frames. */
export async function judge(
  specification: Specification,
  networks: readonly TrainedNetwork[],
  data: RunData,
  follower: Follower,
): Promise<EqualCount['pmf'] | undefined> {
  const { system, known } = data;
  const { variables, scale } = system;
  const count = Math.min(JUDGED, Math.max(1000, Math.floor(known.count / 2)));
  const plan = methodOf(specification).samplingPlan(networks, specification);
  // Not the seed of the run's samples: these are looked at once, those are the result.
  const options = { count, seed: specification.seed + 2, scale };
  const drawn = await withEngine(specification, follower, (engine) =>
    samplesOf(plan, options, engine, follower.task('sampling, to judge the training')),
  );
  const samples = measuredIn(drawn, system, 0);
  if (samples.all.frames === 0) return undefined;
  return againstReference(samples, { reference: measuredIn(known.values, system, 0) }, variables.plane)?.pmf;
}

/** The last losses on held-out frames, all networks and terms with their weights; undefined where none are held out. */
export function validationLossOf(
  networks: readonly TrainableNetwork[],
  lines: readonly ValidationLine[],
): number | undefined {
  const last = networks.map((network, index) => lossesOf(network, index, lines).at(-1));
  return last.reduce<number | undefined>((sum, own) => (sum === undefined || !own ? undefined : sum + own.loss), 0);
}

/** Losses on held-out frames above the least by this fraction are learned by heart. */
const BY_HEART = 0.02;
/** It takes a little longer to fall to the same loss with a learning rate that falls to its last value. */
const FALL = 1.25;

/**
 * For each network, where its loss on held-out frames has risen again: the steps that would have been enough. Undefined
 * where all of them helped.
 */
export const enoughSteps = (
  networks: readonly TrainableNetwork[],
  lines: readonly ValidationLine[],
): (number | undefined)[] =>
  networks.map((network, index) => {
    const losses = lossesOf(network, index, lines);
    const [last, ...others] = losses.toReversed();
    const least = others.reduce((best, each) => (each.loss < best.loss ? each : best), last!);
    if (!last || last.loss <= least.loss + BY_HEART * Math.abs(least.loss)) return undefined;
    const enough = Math.round(FALL * least.step);
    return enough < network.steps ? enough : undefined;
  });

/** What a person reads then. */
export function shortenedText(networks: readonly TrainableNetwork[], enough: readonly (number | undefined)[]): string {
  const whole = (steps: number) => steps.toLocaleString('en-US');
  const each = networks.flatMap(({ title, steps }, index) =>
    enough[index] === undefined
      ? []
      : [`${title.toLowerCase()} with ${whole(enough[index])} steps instead of ${whole(steps)}`],
  );
  return `The loss on held-out frames has risen again: the training frames are learned by heart. Training again: ${each.join(', ')}.`;
}

/** On held-out frames, with the weights of the terms, by step. */
const lossesOf = ({ weights }: TrainableNetwork, index: number, lines: readonly ValidationLine[]) =>
  lines
    .filter(({ network }) => network === index)
    .map(({ step, terms }) => ({
      step,
      loss: Object.entries(terms).reduce((sum, [name, value]) => sum + (weights[name] ?? 1) * value, 0),
    }));

/** The choice with what the last round said: with an ending, or without one, and then another round follows. */
export function afterRound(
  choice: RecordedChoice,
  found: Pick<EqualCount['pmf'], 'ratio' | 'ratioError'> | undefined,
  seconds: number,
  validationLoss?: number,
): RecordedChoice {
  const outcome: RoundOutcome = {
    seconds,
    ratio: found?.ratio ?? null,
    ratioError: found?.ratioError ?? null,
    ...(validationLoss === undefined ? {} : { validationLoss }),
  };
  const rounds = [...choice.rounds, outcome];
  const ending = choice.shortened ? endingOfShortened(seconds, outcome) : endingOf(choice, rounds);
  return { ...choice, rounds, ...(ending === undefined ? {} : { ending }) };
}

function endingOf({ minutes }: RecordedChoice, rounds: readonly RoundOutcome[]): string | undefined {
  const last = rounds.at(-1)!;
  const before = rounds.at(-2);
  const { ratio, ratioError, seconds, validationLoss } = last;
  const after = `after ${durationInWords(seconds)}`;
  if (ratio === null && validationLoss === undefined) {
    return `Training ended ${after}: how close its samples are to the data cannot be told.`;
  }
  const times = ratio === null ? undefined : `${ratio.toFixed(2)} × the noise floor`;
  if (ratio !== null && ratio - (ratioError ?? 0) <= AT_THE_FLOOR) {
    return `Training ended ${after}: samples agree with the data as well as the data allow, ${times}.`;
  }
  const at = times === undefined ? '' : `, at ${times}`;
  // Another round takes as long as all of them together.
  if (minutes > 0 && 2 * seconds > 60 * minutes) return `Training ended ${after}, as long as was asked for${at}.`;
  if (before && !hasHelped(before, last)) return `Training ended ${after}: another round no longer helped${at}.`;
  if (rounds.length >= MOST_ROUNDS) return `Training ended ${after} and ${rounds.length} rounds${at}.`;
  return undefined;
}

/** More steps would learn the frames by heart again. */
const endingOfShortened = (seconds: number, { ratio }: RoundOutcome): string =>
  `Training ended after ${durationInWords(seconds)}: with more steps it learns its frames by heart` +
  `${ratio === null ? '' : `, at ${ratio.toFixed(2)} × the noise floor`}.`;

function hasHelped(before: RoundOutcome, after: RoundOutcome): boolean {
  const fell = (from: number | null | undefined, to: number | null | undefined, by: number) =>
    from != null && to != null && to <= from * (1 - by);
  return (
    fell(before.ratio, after.ratio, HELPED.ratio) || fell(before.validationLoss, after.validationLoss, HELPED.loss)
  );
}

const durationInWords = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
