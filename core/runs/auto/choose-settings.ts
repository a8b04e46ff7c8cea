/**
 * From a specification that leaves the choice to the product to one that says everything: the experts for its data
 * (methods/auto/choose.ts), and steps that fit into the time a person has. The specification of the run is the result.
 */
import { choose, heldOut } from '../../methods/auto/choose.ts';
import type { AutoSettings } from '../../methods/auto/settings.ts';
import type { Specification } from '../../specification/settings.ts';
import { validateSpecification } from '../../specification/specification.ts';
import type { RunData } from '../data/run-data.ts';
import { withEngine } from '../engine-session.ts';
import type { Follower } from '../follower.ts';
import { networksOf } from '../training/trained-model.ts';
import { secondsPerStep } from './pace.ts';
import type { RecordedChoice } from './recorded-choice.ts';
import { type Surveyed, survey } from './survey.ts';

type Automatic = Extract<Specification, { method: 'auto' }>;
type Chosen = Extract<Specification, { method: 'diffusion' }>;

/** ps: a bond to hydrogen oscillates in 10 fs. */
const WITH_HYDROGEN = 5e-4;
const LIGHT = 3;
/** The residual of the Fokker–Planck equation is not trained for: a coarse curve will do. */
const RESIDUAL_POINTS = 20;
const CHECKPOINT_STEPS = 250;

export async function chooseSettings(
  specification: Automatic,
  follower: Follower,
  { withoutForces = false } = {},
): Promise<{ specification: Chosen; choice: RecordedChoice }> {
  const found = await survey(specification, follower);
  const surveyed = withoutForces ? { ...found, hasForces: false } : found;
  const { experts, sentence } = choose(surveyed);
  const { minutes, method: _, ...rest } = specification as Automatic & AutoSettings;
  const { system, simulate, evaluate, checkpoint } = specification;
  const chosen = validateSpecification(
    {
      ...rest,
      method: 'diffusion',
      system: system.kind === 'molecule' ? withChoices(system, surveyed) : system,
      // A toy has reduced units and its own time step.
      simulate:
        system.kind === 'molecule' && surveyed.lightest < LIGHT
          ? { ...simulate, timeStep: Math.min(simulate.timeStep, WITH_HYDROGEN) }
          : simulate,
      evaluate: { ...evaluate, residualPoints: Math.min(evaluate.residualPoints, RESIDUAL_POINTS) },
      // The loss on held-out frames is measured there, and tells when there are more steps than the frames bear.
      checkpoint: { everySteps: Math.min(checkpoint.everySteps, CHECKPOINT_STEPS) },
      experts,
    },
    specification.name,
  ) as Chosen;
  return { specification: chosen, choice: { minutes, sentence: `Chosen: ${sentence}.`, rounds: [] } };
}

type Molecule = Extract<Specification['system'], { kind: 'molecule' }>;

const withChoices = (system: Molecule, surveyed: Surveyed): Molecule => ({
  ...system,
  forceMap: surveyed.hasForces ? 'aggregated' : system.forceMap,
  validation: Math.max(system.validation, heldOut(surveyed)),
});

/** With fewer steps where the time is too short for all of them: each network keeps its fraction. */
export async function fittedToTime(
  specification: Chosen,
  minutes: number,
  data: RunData,
  follower: Follower,
): Promise<Chosen> {
  if (minutes === 0) return specification;
  const networks = networksOf(specification, data.system);
  const seconds = await withEngine(specification, follower, async (engine) => {
    let sum = 0;
    for (const [index, network] of networks.entries()) {
      follower.signal.throwIfAborted();
      const one = await secondsPerStep(network, data.training, engine, specification.seed + index);
      sum += one * specification.experts[index]!.steps;
    }
    return sum;
  });
  const fraction = (60 * minutes) / seconds;
  if (fraction >= 1) return specification;
  const experts = specification.experts.map((expert) => ({
    ...expert,
    steps: Math.max(1, Math.floor(expert.steps * fraction)),
  }));
  return { ...specification, experts };
}
