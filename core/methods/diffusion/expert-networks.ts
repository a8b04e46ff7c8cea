/**
 * The experts of a specification as networks to train: each with a program for every phase, which is a
 * range of steps with the same loss terms.
 */
import { type Expert, type ExpertModel, expertModel } from '../../diffusion/expert.ts';
import { gaugeSteps, hasGauge } from '../../diffusion/gauge.ts';
import type { LossTerm } from '../../diffusion/loss-term.ts';
import { type TermSettings, termSettings, termsOf } from '../../diffusion/loss-terms.ts';
import { trainingStep } from '../../diffusion/training-step.ts';
import { validationLoss } from '../../diffusion/validation-loss.ts';
import type { ColumnName } from '../../models/columns.ts';
import type { ConfigurationSize } from '../../models/network.ts';
import { networkOf, resized } from '../../models/networks.ts';
import { stepsOfRounds } from '../../optimiser/schedule.ts';
import { lossLabel } from '../loss-labels.ts';
import type { StatisticsNeed, TrainableNetwork, TrainingPhase } from '../method.ts';
import type { DiffusionSettings, ExpertSettings } from './settings.ts';

export interface ExpertNetwork extends TrainableNetwork {
  readonly expert: Expert;
  readonly model: ExpertModel;
}

/** Work of a step that measures the gauge, in the unit of the terms: R without its gradient. */
const GAUGE_WORK = 3;

export const expertNetworks = ({ experts }: DiffusionSettings, size: ConfigurationSize): ExpertNetwork[] =>
  experts.map((settings, index) => expertNetwork(settings, index, size));

/** Plain data of an expert, from its settings. */
export function expertOf(settings: ExpertSettings, size: ConfigurationSize): Expert {
  const { range, network, conservative, weightMidpoint, times, varianceFloor } = settings;
  const ofTerms = Object.fromEntries(
    Object.keys(termSettings).map((key) => [key, settings[key as keyof TermSettings]]),
  ) as unknown as TermSettings;
  return {
    range: [range[0], range[1]],
    network: networkOf(network).sized(network, size),
    conservative,
    ...ofTerms,
    ...(size.statistics ? { statistics: size.statistics } : {}),
    times,
    varianceFloor,
    midpoint: weightMidpoint,
  };
}

function expertNetwork(settings: ExpertSettings, index: number, size: ConfigurationSize): ExpertNetwork {
  const { steps, batch, learningRate, conservative, range, squareDecay, ema, emaWarmup, rounds } = settings;
  const expert = expertOf(settings, size);
  const model = expertModel(expert);
  const terms = termsOf(settings);
  const weights = Object.fromEntries(terms.map((term) => [term.name, term.weight(settings)]));
  const withTerms = terms.filter(({ needsEnergy }) => needsEnergy !== undefined);
  return {
    key: `expert${index}`,
    title: `Expert ${index + 1}`,
    facts: [
      `t ${range[0]} to ${range[1]}`,
      [
        conservative ? 'energy' : 'score',
        ...withTerms.map(({ name }) => `${lossLabel(name).symbol ?? name} ${Number(weights[name]!.toPrecision(2))}`),
      ].join(', '),
    ],
    expert,
    model,
    layout: model.layout,
    steps: stepsOfRounds(steps, rounds),
    firstRound: steps,
    batch,
    learningRate,
    averages: { squareDecay, averageDecay: ema, averageWarmup: emaWarmup },
    columns: [...(model.features ? (['features'] as const) : []), ...termColumns(settings)],
    weights,
    phases: phasesOf(settings, expert, terms),
    validation: (own) => validationLoss(forSize(expert, own)),
    remedies: [
      `experts[${index}].learningRate`,
      ...withTerms.map(({ needsEnergy }) => `experts[${index}].${needsEnergy}`),
    ],
  };
}

const termColumns = (settings: ExpertSettings): ColumnName[] => [
  ...new Set(termsOf(settings).flatMap(({ columns }) => columns ?? [])),
];

export function needStatistics({ experts }: DiffusionSettings): StatisticsNeed | undefined {
  const networks = experts.map(({ network }) => networkOf(network));
  const ofOne = networks.some(({ isInvariant, transfers }) => isInvariant && !transfers);
  if (networks.some(({ transfers }) => transfers)) return ofOne ? 'both' : 'kinds';
  if (ofOne) return 'one';
  return experts.some((expert) => termsOf(expert).some(({ needsStatistics }) => needsStatistics)) ? 'any' : undefined;
}

/** Columns that any expert trains on beside positions and features. */
export const expertColumns = ({ experts }: DiffusionSettings): ColumnName[] => [
  ...new Set(experts.flatMap(termColumns)),
];

function phasesOf(
  settings: ExpertSettings,
  expert: Expert,
  terms: readonly LossTerm<Partial<TermSettings>>[],
): TrainingPhase[] {
  const { steps, conservative, weightDecay, clip, clipLength, squareDecay } = settings;
  const optimiser = { weightDecay, clip, clipLength, squareDecay };
  const first = terms.map((term) => term.firstStep(settings, steps));
  // The gauge of the residual is measured for a while before its term counts.
  const regularised = first[terms.findIndex(({ residualForm }) => residualForm !== undefined)];
  const gaugeFrom =
    regularised !== undefined && hasGauge(settings)
      ? Math.max(0, regularised - gaugeSteps(steps))
      : Number.POSITIVE_INFINITY;
  const starts = [...new Set([0, ...first, ...(gaugeFrom < steps ? [gaugeFrom] : [])])].sort((a, b) => a - b);
  return starts.map((from) => {
    const own = terms.filter((_, i) => first[i]! <= from);
    const measuresGauge = from >= gaugeFrom;
    return {
      from,
      terms: own.map(({ name }) => name),
      work: Math.max(measuresGauge ? GAUGE_WORK : 0, ...own.map((term) => term.work(conservative))),
      program: (size) => trainingStep(forSize(expert, size), optimiser, own, measuresGauge),
    };
  });
}

/** The same expert for another molecule. */
export const forSize = (expert: Expert, size: ConfigurationSize): Expert => ({
  ...expert,
  network: resized(expert.network, size),
  ...(size.statistics ? { statistics: size.statistics } : {}),
});
