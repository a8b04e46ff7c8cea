/**
 * Checks one energy on one engine: everything that training and sampling take from a network.
 *
 * Value, ∇ₓE, the tangent, the second-order operator L E = (drift · ∇)E + Σ ∂²E/∂v², and the derivatives with respect
 * to the parameters of E, of ‖∇ₓE‖² (the score-matching loss) and of (L E)² (the exact-residual loss). Each is compared
 * with the oracle entry by entry, and with central differences in some coordinates and random directions.
 */
import { gradients, secondOrder, type Tangents, tangents } from '../../program/differentiate.ts';
import { square } from '../../program/functions.ts';
import { add, spread, sum, sumOverSamples, zeros } from '../../program/primitives.ts';
import { type InputSpec, type Program, trace } from '../../program/program.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import type { Engine, Executable, Results } from '../engine.ts';
import { type Finding, like, SAMPLE_COUNTS } from './check-operation.ts';
import {
  type Arrays,
  centralDifferences,
  inner,
  largest,
  randomDirection,
  relativeError,
  unitDirection,
} from './differences.ts';
import { normals, type Random, randomFrom } from './numbers.ts';
import type { Energy } from './subject.ts';

/** The first moves every sample its own way, the second all the same way. */
const VECTORS = ['drift', 'v0', 'v1'] as const;
const COORDINATES = 2;
/** Parameters are moved in at most so many groups, for the time's sake. */
const GROUPS = 4;
/** A parameter whose derivative is far smaller than its neighbours' (a key's bias: exactly zero) is measured by theirs. */
const NEIGHBOURS = 1e-2;

const LOSSES = { energy: '∂E/∂θ', force: '∂‖∇ₓE‖²/∂θ', operator: '∂(LE)²/∂θ' } as const;
type Loss = keyof typeof LOSSES;
const losses = Object.keys(LOSSES) as Loss[];

const vectorOf = (vector: string, x: string): string => `${vector} ${x}`;
const gradientOf = (loss: Loss, name: string): string => `${loss} ${name}`;

interface Traced {
  readonly energy: Tensor;
  readonly forces: Readonly<Record<string, Tensor>>;
  readonly tangent: Tensor;
  readonly operator: Tensor;
  readonly losses: Readonly<Record<Loss, Tensor>>;
}

function program(
  what: string,
  subject: Energy,
  outputs: (x: Record<string, Tensor>, t: Traced) => Record<string, Tensor>,
) {
  const specs: Record<string, InputSpec> = { ...subject.inputs };
  for (const x of subject.x) {
    for (const vector of VECTORS) {
      specs[vectorOf(vector, x)] = { shape: subject.inputs[x]!.shape, perSample: vector !== 'v1' };
    }
  }
  return trace(what, specs, (inputs) => {
    const energy = spread(subject.energy(inputs));
    const xs = subject.x.map((name) => inputs[name]!);
    const along = (vector: string): Tangents =>
      new Map(subject.x.map((name, i) => [xs[i]!, inputs[vectorOf(vector, name)]!]));
    const forces = gradients(energy, xs).map(spread);
    const [tangent] = tangents([energy], along('v0'));
    const { operator } = secondOrder(energy, [along('v0'), along('v1')], along('drift'));
    const strength = forces.map((f) => sum(square(f))).reduce((a, b) => add(a, b));
    const total = { energy, force: strength, operator: square(operator) };
    return {
      end: outputs(inputs, {
        energy,
        forces: Object.fromEntries(forces.map((f, i) => [subject.x[i]!, f])),
        tangent: spread(tangent ?? zeros([])),
        operator: spread(operator),
        losses: Object.fromEntries(losses.map((loss) => [loss, sumOverSamples(total[loss])])) as Record<Loss, Tensor>,
      }),
    };
  });
}

const everything = (subject: Energy): Program =>
  program('everything', subject, (inputs, { energy, forces, tangent, operator, losses: sums }) => {
    const wrt = subject.theta.map((name) => inputs[name]!);
    const parts = losses.flatMap((loss) =>
      gradients(sums[loss], wrt).map((g, i) => [gradientOf(loss, subject.theta[i]!), like(wrt[i]!, g)] as const),
    );
    return { energy, ...forces, tangent, operator, ...Object.fromEntries(parts) };
  });

function numbersFor(subject: Energy, traced: Program, samples: number): Record<string, ArrayLike<number>> {
  const random = randomFrom(samples);
  return Object.fromEntries(
    traced.inputs.map(({ name, shape, perSample }) => {
      const rows = shape.length > 1 ? shape.at(-2)! : 1;
      const recipe = subject.inputs[name]?.numbers ?? normals(perSample ? 1 : 1 / Math.sqrt(rows));
      return [name, recipe(sizeOf(shape) * (perSample ? samples : 1), random)];
    }),
  );
}

/** The largest error under each heading. */
class Worst {
  private readonly found = new Map<string, number>();
  include(what: string, error: number): void {
    this.found.set(what, Math.max(error, this.found.get(what) ?? 0));
  }
  findings(name: string): Finding[] {
    return [...this.found].map(([what, error]) => ({ what: `${name}: ${what}`, relativeError: error }));
  }
}

export async function checkSubject(engine: Engine, reference: Engine, what: string, subject: Energy) {
  const whole = everything(subject);
  const worst = new Worst();
  const own = await engine.compile(whole);
  const oracle = await reference.compile(whole);
  for (const samples of SAMPLE_COUNTS) {
    const inputs = numbersFor(subject, whole, samples);
    const found = await own.run({ samples, inputs });
    const expected = await oracle.run({ samples, inputs });
    const apart = (name: string, floor = 1e-4) => relativeError(found[name]!, expected[name]!, floor);
    worst.include('E', apart('energy'));
    worst.include('tangent', apart('tangent'));
    worst.include('L E', apart('operator'));
    for (const x of subject.x) worst.include('∇ₓE', apart(x));
    const floors = Object.fromEntries(losses.map((loss) => [loss, floorOf(subject, loss, expected)])) as Floors;
    for (const loss of losses) {
      for (const name of subject.theta) {
        worst.include(LOSSES[loss], apart(gradientOf(loss, name), floors[loss]));
      }
    }
    if (samples !== SAMPLE_COUNTS[0]) continue;
    const random = randomFrom(samples + 1);
    await differPositions({ subject, reference, samples, inputs, found, worst, random });
    await differParameters({ subject, reference, samples, inputs, found, worst, random }, floors);
  }
  own.dispose();
  oracle.dispose();
  return worst.findings(what);
}

type Floors = Readonly<Record<Loss, number>>;

const floorOf = ({ theta }: Energy, loss: Loss, expected: Results): number =>
  Math.max(1e-4, ...theta.map((name) => NEIGHBOURS * largest(expected[gradientOf(loss, name)]!)));

interface Situation {
  readonly subject: Energy;
  readonly reference: Engine;
  readonly samples: number;
  readonly inputs: Record<string, ArrayLike<number>>;
  readonly found: Results;
  readonly worst: Worst;
  readonly random: Random;
}

/** ∇ₓE, the tangent and the operator, all samples at once: each sample is an experiment of its own. */
async function differPositions({ subject, reference, samples, inputs, found, worst, random }: Situation) {
  const slopes = await reference.compile(
    program('slopes', subject, (_, { energy, forces }) => ({ energy, ...forces })),
  );
  const differ = (direction: Arrays) => centralDifferences(slopes, samples, inputs, direction);
  /** Σ over the x of their inner product, for each sample. */
  const innerPerSample = (a: Arrays, b: Arrays) =>
    Float64Array.from({ length: samples }, (_, s) =>
      subject.x.reduce((total, x) => {
        const n = a[x]!.length / samples;
        return total + inner(a[x]!, b[x]!, s * n, (s + 1) * n);
      }, 0),
    );
  const vectors = (vector: (typeof VECTORS)[number]): Record<string, Float64Array> =>
    Object.fromEntries(
      subject.x.map((x) => {
        const given = inputs[vectorOf(vector, x)]!;
        return [x, Float64Array.from(inputs[x]!, (_, i) => given[i % given.length]!)];
      }),
    );
  const forces = Object.fromEntries(subject.x.map((x) => [x, found[x]!]));
  const [v0, v1, drift] = [vectors('v0'), vectors('v1'), vectors('drift')];
  const [along0, along1, drifted] = [await differ(v0), await differ(v1), await differ(drift)];
  worst.include('tangent', relativeError(found.tangent!, along0.energy!));
  worst.include('∇ₓE', relativeError(innerPerSample(forces, v0), along0.energy!));
  worst.include('∇ₓE', relativeError(innerPerSample(forces, v1), along1.energy!));
  const [curved0, curved1] = [innerPerSample(along0, v0), innerPerSample(along1, v1)];
  const operator = drifted.energy!.map((value, s) => value + curved0[s]! + curved1[s]!);
  worst.include('L E', relativeError(found.operator!, operator));
  for (const x of subject.x) {
    const n = inputs[x]!.length / samples;
    for (let c = 0; c < COORDINATES; c++) {
      const coordinate = Math.floor(random.uniform() * n);
      const direction = Float64Array.from(inputs[x]!, (_, i) => (i % n === coordinate ? 1 : 0));
      const { energy } = await differ({ [x]: direction });
      const own = Float64Array.from({ length: samples }, (_, s) => found[x]![s * n + coordinate]!);
      worst.include('∇ₓE', relativeError(own, energy!, largest(found[x]!)));
    }
  }
  slopes.dispose();
}

async function differParameters(situation: Situation, floors: Floors) {
  const { subject, reference, samples, inputs, found, worst, random } = situation;
  const { theta } = subject;
  if (theta.length === 0) return;
  const sums: Executable = await reference.compile(program('losses', subject, (_, traced) => ({ ...traced.losses })));
  const directions: Record<string, Float64Array>[] = [];
  for (let g = 0; g < Math.min(GROUPS, theta.length); g++) {
    const group = theta.filter((_, i) => i % GROUPS === g);
    directions.push(Object.fromEntries(group.map((name) => [name, randomDirection(inputs[name]!, random)])));
  }
  for (let c = 0; c < COORDINATES; c++) {
    const name = theta[Math.floor(random.uniform() * theta.length)]!;
    const { length } = inputs[name]!;
    directions.push({ [name]: unitDirection(length, Math.floor(random.uniform() * length)) });
  }
  for (const direction of directions) {
    const slopes = await centralDifferences(sums, samples, inputs, direction);
    for (const loss of losses) {
      let slope = 0;
      let scale = floors[loss];
      for (const [name, d] of Object.entries(direction)) {
        const gradient = found[gradientOf(loss, name)]!;
        slope += inner(gradient, d);
        scale = Math.max(scale, largest(gradient) * largest(d));
      }
      worst.include(LOSSES[loss], relativeError([slope], slopes[loss]!, scale));
    }
  }
  sums.dispose();
}
