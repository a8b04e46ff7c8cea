/**
 * Diffusion (method §2 to §6): experts over diffusion time, energies or scores, that are sampled by reverse diffusion;
 * the energy at t ≈ 0 is also a force. Only this folder knows of experts.
 */
import { callsPerStep, furtherState, samplingProgram, samplingStart } from '../../diffusion/samplers.ts';
import { samplingPlan } from '../../diffusion/sampling-plan.ts';
import { boundaries, expertAt } from '../../diffusion/time-experts.ts';
import { ErgodicError } from '../../errors.ts';
import type { EvaluatedModel, Method, TrainedNetwork } from '../method.ts';
import { type ExpertNetwork, expertColumns, expertNetworks, needStatistics } from './expert-networks.ts';
import { timesOver } from './residual-times.ts';
import { faults, withDefaults } from './rules.ts';
import { type DiffusionSettings, sampling, settings } from './settings.ts';

type Trained = TrainedNetwork<ExpertNetwork>;

const inputsOf = ({ parameters, features }: Trained) => ({ parameters, ...(features ? { features } : {}) });

const evaluated = (trained: Trained): EvaluatedModel => ({
  model: trained.network.model,
  inputs: inputsOf(trained),
  hasEnergy: trained.network.expert.conservative,
});

/** Of the steps of the first expert, where the number of steps is not given. */
const FINE_TUNING_FRACTION = 0.25;

export const diffusion = {
  title: 'Diffusion',
  settings,
  sampling,
  withDefaults,
  faults,
  capabilities: ({ experts }) => ({ simulate: true, residual: experts.some(({ conservative }) => conservative) }),
  columns: expertColumns,
  needsStatistics: needStatistics,
  boundaries: ({ experts }) => boundaries(experts),
  networks: expertNetworks,

  solvers: callsPerStep,

  samplingPlan(trained, { sample: { solver, steps } }) {
    if (steps < trained.length) {
      throw new ErgodicError(
        `Sampling across ${trained.length} experts needs at least ${trained.length} steps, not ${steps}.`,
      );
    }
    const experts = trained.map(({ network }) => network.expert);
    const programs = trained.map(({ network }) => samplingProgram(network.model, solver));
    return {
      start: samplingStart(trained[0]!.network.model.shape),
      zeros: furtherState(solver),
      stages: samplingPlan(experts, solver, steps).map(({ expert, inputs, ...stage }) => ({
        ...stage,
        program: programs[expert]!,
        inputs: inputsOf(trained[expert]!),
        perStep: inputs,
        from: experts[expert]!.range[1],
      })),
    };
  },

  force(trained, evaluationTime) {
    const experts = trained.map(({ network }) => network.expert);
    return evaluated(trained[expertAt(experts, evaluationTime)]!);
  },

  hasForceEnergy: ({ experts }, evaluationTime) => experts[expertAt(experts, evaluationTime)]!.conservative,

  residual(trained, points) {
    const measured = trained.filter(({ network }) => network.expert.conservative);
    const ranges = measured.map(({ network }) => network.expert.range);
    const times = timesOver(ranges, points);
    return measured.map((each, i) => ({ ...evaluated(each), times: times[i]! }));
  },

  fineTuning: {
    needs: {
      change: 'alpha',
      words: '`--alpha A` is missing: the weight of the Fokker–Planck regulariser, for example 5e-4.',
    },
    settings(own, { alpha = 0, steps }) {
      const [first, ...others] = own.experts as [DiffusionSettings['experts'][number], ...DiffusionSettings['experts']];
      const budget = steps ?? Math.max(1, Math.round(first.steps * FINE_TUNING_FRACTION));
      // A model that was trained without the regulariser, or before there were gauges, has none yet.
      const gauge = alpha === 0 ? first.gauge : 'fitted';
      return { ...own, experts: [{ ...first, alpha, gauge, steps: budget }, ...others] };
    },
    trains: (index) => index === 0,
  },
} as const satisfies Method<DiffusionSettings, ExpertNetwork>;
