/**
 * A residual network whose hidden numbers belong to beads, and whose weights belong to kinds of beads (method §4), so that it
 * transfers between molecules: from features of few beads each to one number for each row.
 *
 * Bead i sees features and beads that are within `reach` bonds. With e_j what chemistry says of a bead, b bonds from i,
 * `z_i = Σ W f + Σ_b C_b e + T τ + b`, `h₁ = SiLU(z)`, `h_l = SiLU(Σ_j W h_j + …) + h`, `Σ_i w·h_i`: each W is a row of
 * a table, found by the kinds of all beads that take part and the bonds between them, and T, C, b and w by the kind of
 * bead i. What was not seen in training takes the row of what is coarsely alike, or none. For one molecule this is the
 * residual MLP of the invariant energy, wide as all beads together.
 */
import { silu } from '../program/functions.ts';
import { add, concat, constant, gather, matmul, reshape, transpose, zeros } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { bondsApart, type KindedStructure, type KnownKinds, type Names, nameOf } from './kinded-structure.ts';
import { type NamedTensors, type ParameterSpec, weight } from './parameters.ts';

export interface BeadMlp {
  /** Of each bead. */
  readonly hidden: number;
  readonly layers: number;
  /** Bonds. */
  readonly reach: number;
  /** Numbers that chemistry says of a bead; 0: nothing. */
  readonly features: number;
}

export const beadMlpSettings = {
  hidden: { type: 'whole', min: 1, max: 1024, default: 16, help: 'Width of the hidden layers of each bead.' },
  layers: { type: 'whole', min: 1, max: 64, default: 3, help: 'Hidden layers.' },
  reach: {
    type: 'whole',
    min: 1,
    max: 12,
    default: 4,
    help: 'Bonds within which a bead sees others; what lies further is left to beads between.',
  },
} as const;

/** A number for each row, of some beads. */
export interface BeadFeature {
  readonly what: string;
  readonly beads: readonly number[];
  /** The beads may as well stand the other way round. */
  readonly eitherWay: boolean;
}

const FIRST_OUTPUT = 0.1;
const FIRST_TIME = 0.5;
/** Of what chemistry says, for each kind of bead. */
const CHEMISTRY = 8;

/** Rows of tables by name, in the order in which molecules have them. */
class Rows {
  readonly #fine = new Map<string, number>();
  readonly #coarse = new Map<string, number>();

  add([fine, ...coarser]: Names): void {
    if (this.#fine.has(fine!)) return;
    const row = this.#fine.size;
    this.#fine.set(fine!, row);
    for (const name of coarser) if (!this.#coarse.has(name)) this.#coarse.set(name, row);
  }

  /** One beyond the last where nothing is alike. */
  at([fine, ...coarser]: Names): number {
    const alike = coarser.map((name) => this.#coarse.get(name)).find((row) => row !== undefined);
    return this.#fine.get(fine!) ?? alike ?? this.size;
  }

  get size(): number {
    return this.#fine.size;
  }
}

/** What a molecule asks of the tables; undefined where something is out of reach. */
function relationsOf(structure: KindedStructure, features: readonly BeadFeature[], reach: number) {
  const apart = bondsApart(structure);
  const beads = Array.from({ length: structure.beads }, (_, i) => i);
  const near = (centre: number, others: readonly number[]) => others.every((other) => apart[centre]![other]! <= reach);
  const ofFeature = ({ what, beads: own, eitherWay }: BeadFeature, centre: number): Names => {
    const there = nameOf(structure, apart, [centre, ...own]);
    const back = eitherWay ? nameOf(structure, apart, [centre, ...own.toReversed()]) : there;
    return there.map((name, level) => `${what} ${name < back[level]! ? name : back[level]!}`);
  };
  return {
    kinds: beads.map((bead) => nameOf(structure, apart, [bead])),
    inputs: features.map((feature) =>
      beads.map((centre) => (near(centre, feature.beads) ? ofFeature(feature, centre) : undefined)),
    ),
    messages: beads.map((from) =>
      beads.map((centre) => (near(centre, [from]) ? nameOf(structure, apart, [centre, from]) : undefined)),
    ),
    apart,
  };
}

/** Of the molecule at hand, and what any could have. */
export interface BeadFeatures {
  readonly own: readonly BeadFeature[];
  possible(structure: KindedStructure): readonly BeadFeature[];
}

/** All rows of the tables, and how many features and beads a bead sees on average. */
function tablesOf({ known }: KnownKinds, possible: BeadFeatures['possible'], reach: number) {
  const [kinds, inputs, messages] = [new Rows(), new Rows(), new Rows()];
  let [seen, heard, beads] = [0, 0, 0];
  for (const structure of known) {
    const relations = relationsOf(structure, possible(structure), reach);
    for (const names of relations.kinds) kinds.add(names);
    for (const names of relations.inputs.flat()) if (names && ++seen) inputs.add(names);
    for (const names of relations.messages.flat()) if (names && ++heard) messages.add(names);
    beads += structure.beads;
  }
  return { kinds, inputs, messages, seen: seen / beads, heard: heard / beads };
}

export function beadMlpParameters(
  { hidden, layers, reach, features }: BeadMlp,
  molecules: KnownKinds,
  possible: BeadFeatures['possible'],
  times: number,
): ParameterSpec[] {
  const { kinds, inputs, messages, seen, heard } = tablesOf(molecules, possible, reach);
  /** A table of matrices, as if each had so many inputs of its own. */
  const table = (name: string, rows: number, width: number, fanIn: number, gain = 1): ParameterSpec => ({
    ...weight(name, rows, width),
    gain: gain * Math.sqrt(rows / Math.max(1, fanIn)),
  });
  return [
    ...(features > 0 ? [weight('chemistry', features, CHEMISTRY)] : []),
    ...Array.from({ length: layers }, (_, l) => [
      l === 0
        ? table('layer0', inputs.size, hidden, seen)
        : table(`layer${l}`, messages.size, hidden * hidden, heard * hidden),
      table(`layer${l}.time`, kinds.size, times * hidden, times, FIRST_TIME),
      { name: `layer${l}.b`, shape: [kinds.size, hidden], initial: 'zero' } as const,
      ...(features > 0
        ? [table(`layer${l}.chemistry`, kinds.size, (reach + 1) * CHEMISTRY * hidden, reach * CHEMISTRY)]
        : []),
    ]).flat(),
    table('out', kinds.size, hidden, hidden, FIRST_OUTPUT),
  ];
}

/** Rows of a table [n, …] by index; zeros beyond its last. */
function rowsAt(table: Tensor, indices: readonly number[]): Tensor {
  const rows = table.shape[0]!;
  if (indices.length === rows && indices.every((row, i) => row === i)) return table;
  const whole = indices.includes(rows) ? concat([table, zeros([1, ...table.shape.slice(1)])], 0) : table;
  return gather(whole, constant(indices, [indices.length]));
}

/** values [rows, F] in the order of the features, times [1, T], chemistry [N, features] → [rows]. */
export function beadMlp(
  { hidden, layers, reach }: BeadMlp,
  molecules: KnownKinds,
  features: BeadFeatures,
  weights: NamedTensors,
  { values, times, chemistry }: { values: Tensor; times: Tensor; chemistry?: Tensor | undefined },
): Tensor {
  const { own } = molecules;
  const tables = tablesOf(molecules, features.possible, reach);
  const relations = relationsOf(own, features.own, reach);
  const beads = own.beads;
  const rows = values.shape[0]!;
  const width = beads * hidden;
  const lookUp = (table: Rows, names: readonly (Names | undefined)[]) =>
    names.map((each) => (each ? table.at(each) : table.size));
  const kinds = lookUp(tables.kinds, relations.kinds);
  const inputs = lookUp(tables.inputs, relations.inputs.flat());
  const messages = lookUp(tables.messages, relations.messages.flat());
  const ofKinds = (name: string, shape: readonly number[]) => reshape(rowsAt(weights[name]!, kinds), [beads, ...shape]);
  const around = chemistry && surroundings(matmul(chemistry, weights['chemistry.w']!), relations.apart, reach);

  /** [1, N · hidden]: what does not depend on the features. */
  const offset = (l: number): Tensor => {
    const perBead = ofKinds(`layer${l}.time.w`, [times.shape[1]!, hidden]);
    const spread = reshape(transpose(perBead, [1, 0, 2]), [times.shape[1]!, width]);
    const fromTime = add(matmul(times, spread), reshape(ofKinds(`layer${l}.b`, [hidden]), [1, width]));
    if (!around) return fromTime;
    const matrices = ofKinds(`layer${l}.chemistry.w`, [around.shape[2]!, hidden]);
    return add(fromTime, reshape(matmul(around, matrices), [1, width]));
  };
  let h = values;
  for (let l = 0; l < layers; l++) {
    if (l === 0) {
      const w = reshape(rowsAt(weights['layer0.w']!, inputs), [values.shape[1]!, width]);
      h = silu(add(matmul(h, w), offset(0)));
      continue;
    }
    const blocks = reshape(rowsAt(weights[`layer${l}.w`]!, messages), [beads, beads, hidden, hidden]);
    const w = reshape(transpose(blocks, [0, 2, 1, 3]), [width, width]);
    h = add(silu(add(matmul(h, w), offset(l))), h);
  }
  return reshape(matmul(h, reshape(ofKinds('out.w', [hidden]), [width, 1])), [rows]);
}

/** e [N, E] → [N, 1, (reach + 1) · E]: for each bead the sum over those that are 0, 1, … bonds from it. */
function surroundings(e: Tensor, apart: readonly (readonly number[])[], reach: number): Tensor {
  const [beads, width] = e.shape as [number, number];
  const shells = apart.flatMap((from) =>
    Array.from({ length: reach + 1 }, (_, bonds) => from.map((distance) => (distance === bonds ? 1 : 0))),
  );
  const sums = matmul(constant(shells.flat(), [beads * (reach + 1), beads]), e);
  return reshape(sums, [beads, 1, (reach + 1) * width]);
}
