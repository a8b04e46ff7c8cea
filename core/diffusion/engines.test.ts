/**
 * The product's own programs, whole, on an engine against the oracle: training steps of both networks with every
 * residual, a step of each sampler. What the tests of single primitives cannot see (fusion, memory sharing, state
 * updated in place) shows here.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { Call, Engine, Results } from '../engines/engine.ts';
import { referenceEngine } from '../engines/reference/reference.ts';
import { wasmEngine } from '../engines/wasm/wasm.ts';
import { softwareEngine, whyNoSoftware } from '../engines/webgpu/software.test-support.ts';
import { assumedStatistics } from '../models/conformation-statistics.ts';
import { initialValues } from '../models/parameters.ts';
import type { Program } from '../program/program.ts';
import { sizeOf } from '../program/tensor.ts';
import { allTorsions, torsionsOf } from '../systems/torsions.ts';
import { type Expert, expertModel } from './expert.ts';
import { furtherState, samplingProgram, solvers } from './samplers.ts';
import { samplingPlan } from './sampling-plan.ts';
import { trainingStep } from './training-step.ts';

const noGpu = await whyNoSoftware();
if (noGpu) console.error(`The engine webgpu is not tested: ${noGpu}`);
const engines: Readonly<Record<string, () => Engine>> = {
  wasm: () => wasmEngine({ threads: 2 }),
  ...(noGpu ? {} : { webgpu: softwareEngine }),
};
const oracle = referenceEngine();

const networks: readonly Expert['network'][] = [
  { kind: 'mlp', dimension: 2, widths: [13, 9] },
  { kind: 'mlp', dimension: 1, widths: [6] },
  { kind: 'graph-transformer', beads: 3, hidden: 8, layers: 2, heads: 2, headWidth: 4 },
];
const forms = [
  { alpha: 0, residual: 'exact' },
  { alpha: 1e-2, residual: 'exact' },
  { alpha: 1e-2, residual: 'weak' },
] as const;

const numbers = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(1 + i));

async function evaluate(engine: Engine, program: Program, call: Call): Promise<Results> {
  const executable = await engine.compile(program);
  const results = await executable.run(call);
  executable.dispose();
  return results;
}

async function apart(engine: Engine, program: Program, call: Call): Promise<Record<string, number>> {
  const [expected, found] = [await evaluate(oracle, program, call), await evaluate(engine, program, call)];
  return Object.fromEntries(
    Object.entries(expected).map(([name, values]) => {
      let [largest, difference] = [1e-6, 0];
      values.forEach((value, i) => {
        largest = Math.max(largest, Math.abs(value));
        difference = Math.max(difference, Math.abs(value - found[name]![i]!));
      });
      return [name, difference / largest];
    }),
  );
}

const expertOf = (network: Expert['network'], form: (typeof forms)[number]): Expert => ({
  range: [0, 0.5],
  network,
  conservative: true,
  midpoint: 0.2,
  ...form,
});

const chain = { beads: 4, bonds: [] };
const stiff = assumedStatistics({ beads: 4, torsions: allTorsions(chain), rotatable: torsionsOf(chain) });
/** Softer than a molecule, so that made-up positions and forces are not a thousand standard deviations off. */
const statistics = {
  ...stiff,
  stiff: { ...stiff.stiff, variances: stiff.stiff.variances.map(() => 0.5) },
  meanSquareForce: 1,
};
const molecular: readonly Expert['network'][] = [
  { kind: 'invariant', hidden: 6, layers: 2, timeResolution: 0.01, statistics },
  { kind: 'modes', hidden: 6, layers: 2, modes: 3, chiralModes: 3, statistics },
];

/** Three training steps on made-up positions and forces. */
function apartInTraining(engine: Engine, expert: Expert) {
  const { layout, shape } = expertModel(expert);
  const [samples, steps] = [19, 3];
  const parameters = initialValues(layout, 1);
  return apart(engine, trainingStep(expert), {
    samples,
    steps,
    seed: 3,
    inputs: {
      ...{ parameters, average: parameters },
      gradientMean: new Float32Array(layout.size),
      gradientSquare: new Float32Array(layout.size),
      x0: numbers(samples * steps * sizeOf(shape)),
      forces: numbers(samples * steps * sizeOf(shape)),
      stratum: Float32Array.from({ length: samples * steps }, (_, i) => (i % samples) / samples),
      learningRate: [1e-3, 1e-3, 1e-3],
      meanCorrection: [10, 5, 4],
      squareCorrection: [1000, 500, 300],
      usualCorrection: [0, 1000, 500],
      averageKeep: [0.995, 0.995, 0.995],
      averageFresh: [0.005, 0.005, 0.005],
      inverseSamples: [1 / samples],
    },
  });
}

describe.each(Object.entries(engines))('on the engine %s as on the oracle', (name, create) => {
  const engine = create();
  afterAll(() => engine.dispose());
  /** Shaders of a large program take long to be made for a CPU, and so does the weak form on the oracle. */
  const isQuick = (network?: Expert['network'], residual?: Expert['residual']) =>
    name === 'webgpu' ? network === networks[1] : network?.kind === 'mlp' || residual !== 'weak';
  const setOf = (...subject: Parameters<typeof isQuick>) => (isQuick(...subject) ? {} : { tags: ['full'] });

  for (const network of networks) {
    for (const form of forms) {
      it(`trains: ${network.kind}, α = ${form.alpha}, ${form.residual}`, setOf(network, form.residual), async () => {
        const errors = await apartInTraining(engine, expertOf(network, form));
        // The weak form divides differences of float32 numbers by 1e-4; Adam turns what is left into whole steps.
        const weak = form.residual === 'weak';
        for (const [name, error] of Object.entries(errors)) {
          const allowed = weak ? (name === 'parameters' ? 1e-2 : 2e-3) : 1e-4;
          expect(error, name).toBeLessThan(allowed);
        }
      });
    }
  }

  for (const network of [...molecular, { ...networks[2], beads: 4 } as Expert['network']]) {
    it(`trains with forces, torsion contrast and the residual: ${network.kind}`, { tags: ['full'] }, async () => {
      const terms = { denoising: 0, forces: 1, contrast: 0.05, contrastCopies: 2, alpha: 1e-3 } as const;
      const expert = {
        ...expertOf(network, forms[0]),
        ...terms,
        statistics,
        times: 'mixed',
        varianceFloor: 0.01,
      } as const;
      const errors = await apartInTraining(engine, expert);
      // Adam turns what rounding leaves of a small gradient into whole steps.
      for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(2e-3);
    });
  }

  it('trains: an invariant energy with forces and torsion contrast', async () => {
    const terms = { denoising: 0, forces: 1, contrast: 0.05, contrastCopies: 2 } as const;
    const expert = {
      ...expertOf(molecular[0]!, forms[0]),
      ...terms,
      statistics,
      times: 'mixed',
      varianceFloor: 0.01,
    } as const;
    const errors = await apartInTraining(engine, expert);
    for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(5e-4);
  });

  for (const solver of solvers) {
    it(`samples: ${solver}`, setOf(), async () => {
      const model = expertModel({ ...expertOf(networks[2]!, forms[0]), range: [0, 1] });
      const [stage] = samplingPlan([{ range: [0, 1] }], solver, 8);
      const x = numbers(5 * sizeOf(model.shape));
      const errors = await apart(engine, samplingProgram(model, solver), {
        samples: 5,
        steps: 8,
        inputs: {
          ...{ parameters: initialValues(model.layout, 2), x, ...stage!.inputs },
          ...Object.fromEntries(furtherState(solver).map((name) => [name, new Float32Array(x.length)])),
        },
      });
      for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(1e-3);
    });
  }
});
