/**
 * What is timed, as programs of the public builders with made-up numbers: a force, a step of Langevin dynamics, a
 * training step, a step of sampling. The time of none of them depends on the numbers. Not here: the clock.
 */

import { type Expert, expertModel } from '../../diffusion/expert.ts';
import { TIME_FLOOR } from '../../diffusion/process.ts';
import { samplingProgram } from '../../diffusion/samplers.ts';
import { samplingPlan } from '../../diffusion/sampling-plan.ts';
import { trainingStep } from '../../diffusion/training-step.ts';
import { modelForce, modelForceInputs } from '../../dynamics/force-field.ts';
import { type LangevinSettings, langevinInputs, langevinProgram } from '../../dynamics/langevin.ts';
import type { Call } from '../../engines/engine.ts';
import { assumedStatistics } from '../../models/conformation-statistics.ts';
import type { NetworkSpec } from '../../models/networks.ts';
import { initialValues } from '../../models/parameters.ts';
import { scheduleInputs } from '../../optimiser/schedule.ts';
import { keyOf, normalsFromWords, philox4x32 } from '../../program/philox.ts';
import { add, mul } from '../../program/primitives.ts';
import { type Program, trace } from '../../program/program.ts';
import { sizeOf } from '../../program/tensor.ts';
import { strataOf } from '../../runs/data/batches.ts';
import { allTorsions, torsionsOf } from '../../systems/torsions.ts';

export interface Workload {
  readonly program: Program;
  readonly samples: number;
  /** The call of so many steps. */
  call(steps: number): Call;
}

/** A network with everything that a workload needs of it, in model units. */
export interface Subject {
  readonly network: NetworkSpec;
  /** α of the Fokker–Planck term, and the midpoint of the training weight. */
  readonly alpha: number;
  readonly midpoint: number;
  readonly dynamics: Omit<LangevinSettings, 'masses'> & { readonly mass: number; readonly scale: number };
}

/** Carbon-like beads at 300 K, 2 fs, as the reference simulates alanine dipeptide (method §7). */
export const molecule = (beads: number, hidden: number, layers: number): Subject => ({
  network: { kind: 'graph-transformer', beads, hidden, layers },
  alpha: 5e-4,
  midpoint: 0.3,
  dynamics: { integrator: 'baoab', timeStep: 0.002, friction: 1, kT: 2.494, mass: 12, scale: 0.1 },
});

/** The invariant energy of a chain of so many beads, as the automatic method trains it (method §4). */
export function invariantChain(beads: number): Subject {
  const chain = { beads, bonds: [] };
  const statistics = assumedStatistics({ beads, torsions: allTorsions(chain), rotatable: torsionsOf(chain) });
  return {
    ...molecule(beads, 1, 1),
    network: { kind: 'invariant', hidden: beads > 6 ? 128 : 96, layers: 3, timeResolution: 3e-3, statistics },
  };
}

/** The Müller–Brown toy with the reference's network (method §4, §8). */
export const muellerBrownToy: Subject = {
  network: { kind: 'mlp', dimension: 2, widths: [92, 92, 92] },
  alpha: 5e-4,
  midpoint: 0.5,
  dynamics: { integrator: 'baoab', timeStep: 5e-3, friction: 1, kT: 23, mass: 0.5, scale: 1 },
};

export type Objective = 'plain' | 'weak' | 'exact';

const expertOf = ({ network, alpha, midpoint }: Subject, objective: Objective = 'plain'): Expert => ({
  range: [0, 1],
  network,
  conservative: true,
  alpha: objective === 'plain' ? 0 : alpha,
  residual: objective === 'weak' ? 'weak' : 'exact',
  ...(network.kind === 'invariant' ? { ...CHOSEN, statistics: network.statistics } : {}),
  midpoint,
});

/** What the automatic method trains it with where there are no forces. */
const CHOSEN = { contrast: 0.05, contrastCopies: 3, times: 'mixed', varianceFloor: 3e-3 } as const;

function subjectModel(subject: Subject) {
  const model = expertModel(expertOf(subject));
  return { model, parameters: initialValues(model.layout, 1), coordinates: sizeOf(model.shape) };
}

/** Standard normal numbers, the same every time. */
function normals(count: number): Float32Array {
  const key = keyOf(2);
  const values = new Float32Array(count + 1);
  for (let i = 0; i < count; i += 2) {
    const [a, b] = philox4x32([0, i, 0, 0], key);
    values.set(normalsFromWords(a, b), i);
  }
  return values.subarray(0, count);
}

/** The score at t ≈ 0. Each step moves x by 0 times the score, so that no step can be left out. */
export function force(subject: Subject, samples: number): Workload {
  const { model, parameters, coordinates } = subjectModel(subject);
  const state = { shape: model.shape, perSample: true, state: true };
  const program = trace('force', { ...model.inputs, t: { shape: [] }, push: { shape: [] }, x: state }, (inputs) => {
    const { x, t, push } = inputs;
    return { state: { x: add(x, mul(push, model.field(inputs).score(x, t))) } };
  });
  const inputs = { parameters, t: [TIME_FLOOR], push: [0], x: normals(samples * coordinates) };
  return { program, samples, call: (steps) => ({ samples, steps, inputs }) };
}

/** One frame is recorded, at the end of each call. */
export function langevin(subject: Subject, samples: number): Workload {
  const { model, parameters, coordinates } = subjectModel(subject);
  const { mass, scale, ...settings } = subject.dynamics;
  const masses = new Float64Array(coordinates).fill(mass);
  const inputs = {
    parameters,
    ...langevinInputs({ ...settings, masses }),
    ...modelForceInputs({ kT: settings.kT, scale }),
    x: normals(samples * coordinates).map((x) => x * scale),
    v: new Float32Array(samples * coordinates),
    alive: new Float32Array(samples).fill(1),
  };
  const program = langevinProgram(settings.integrator, modelForce(model));
  return { program, samples, call: (steps) => ({ samples, steps, stride: steps, inputs }) };
}

export function training(subject: Subject, objective: Objective, samples: number): Workload {
  const { parameters, coordinates } = subjectModel(subject);
  const zero = new Float32Array(parameters.length);
  const call = (steps: number): Call => ({
    samples,
    steps,
    inputs: {
      ...{ parameters, average: parameters, gradientMean: zero, gradientSquare: zero },
      ...scheduleInputs(0, steps, 10_000),
      x0: normals(steps * samples * coordinates),
      inverseSamples: [1 / samples],
      stratum: strataOf(samples, steps),
    },
  });
  return { program: trainingStep(expertOf(subject, objective)), samples, call };
}

/** Euler–Maruyama steps in the order of a whole run of `SAMPLING_STEPS`, beginning again where it ends. */
export const SAMPLING_STEPS = 1000;
export function sampling(subject: Subject, samples: number): Workload {
  const { model, parameters, coordinates } = subjectModel(subject);
  const [whole] = samplingPlan([expertOf(subject)], 'em', SAMPLING_STEPS);
  const x = normals(samples * coordinates);
  const call = (steps: number): Call => {
    const coefficients = Object.entries(whole!.inputs).map(([name, values]) => [
      name,
      Float64Array.from({ length: steps }, (_, i) => values[i % SAMPLING_STEPS]!),
    ]);
    return { samples, steps, inputs: { parameters, x, ...Object.fromEntries(coefficients) } };
  };
  return { program: samplingProgram(model, 'em'), samples, call };
}
