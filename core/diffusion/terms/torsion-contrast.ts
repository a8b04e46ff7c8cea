/**
 * Torsion contrast (method §5): which of several copies of a noised configuration, alike but for turned torsions, is the
 * data? `E(x) + log Σ exp(−E)` over x and its copies. Turning a part of a molecule about a bond by a uniform angle preserves
 * volume, so that the copies compare the noised density at points that a score, which sees slopes alone, cannot relate:
 * this term alone determines the populations of basins. Up to three torsions turn together, otherwise one, drawn for
 * each sample. First derivatives with respect to the weights only.
 */
import type { ConformationStatistics, RotatableTorsion } from '../../models/conformation-statistics.ts';
import { cross, dot, each, minus, plus, scaled, type Vector } from '../../models/vectors.ts';
import { mean } from '../../program/functions.ts';
import {
  add,
  broadcastTo,
  concat,
  constant,
  cos,
  exp,
  greater,
  log,
  matmul,
  max,
  mul,
  neg,
  reciprocal,
  reshape,
  sin,
  slice,
  sqrt,
  stopGradient,
  sub,
  sum,
  uniform,
} from '../../program/primitives.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';
import type { LossTerm } from '../loss-term.ts';
import { streams } from '../streams.ts';

const settings = {
  contrast: {
    type: 'number',
    min: 0,
    max: 1e3,
    default: 0,
    help: 'Weight of torsion contrast, which fits the populations of conformations; 0: off. Use 0.05.',
  },
  contrastCopies: {
    type: 'whole',
    min: 1,
    max: 64,
    default: 3,
    help: 'Copies with other torsions that each sample is compared with; more cost more and say a little more.',
  },
} as const satisfies SettingGroup;

type Own = Partial<SettingValue<typeof settings>>;

/** Most torsions that turn together: nearly every copy of more would overlap itself. */
const MOST_TOGETHER = 3;

export const torsionContrast = {
  name: 'torsionContrast',
  settings,
  weight: ({ contrast = 0 }) => contrast,
  firstStep: () => 0,
  work: () => 4,
  needsEnergy: 'contrast',
  needsStatistics: true,
  isValidated: true,
  of: ({ x, energy, energies, statistics }, { contrastCopies = 3 }) => {
    // Apart: the energy of x itself is that of the score, and computed once.
    const own = energy!(x);
    const all = concat([reshape(own, [1]), energies!(turnedCopies(x, statistics!, contrastCopies))], 0);
    const least = stopGradient(neg(max(neg(all), [0])));
    return add(sub(own, least), log(sum(exp(sub(least, all)))));
  },
} as const satisfies LossTerm<Own>;

/** [N, 3] → [copies, N, 3]: turned torsions, centred. */
export function turnedCopies(x: Tensor, { beads, rotatable }: ConformationStatistics, copies: number): Tensor {
  const columns = [0, 1, 2].map((axis) => reshape(slice(x, 1, axis, axis + 1), [1, beads]));
  const position = columns as unknown as Vector;
  const turned =
    rotatable.length <= MOST_TOGETHER ? allTurned(position, rotatable, copies) : oneTurned(position, rotatable, copies);
  const centred = each(turned, (values) => sub(values, reshape(mean(values, [1]), [copies, 1])));
  return concat(
    centred.map((values) => reshape(values, [copies, beads, 1])),
    2,
  );
}

/** [1, N] → [copies, N]. */
function allTurned(position: Vector, rotatable: readonly RotatableTorsion[], copies: number): Vector {
  const beads = position[0].shape[1]!;
  let turned = each(position, (values) => broadcastTo(values, [copies, beads]));
  rotatable.forEach(({ atoms, moved }, i) => {
    const column = (bead: number) => each(turned, (values) => slice(values, 1, bead, bead + 1));
    const isMoved = constant(rowOf(beads, moved), [1, beads]);
    turned = turnedAbout(turned, column(atoms[1]), column(atoms[2]), isMoved, anglesOf(copies, i));
  });
  return turned;
}

/** One of them, drawn for the sample. */
function oneTurned(position: Vector, rotatable: readonly RotatableTorsion[], copies: number): Vector {
  const beads = position[0].shape[1]!;
  const count = rotatable.length;
  const drawn = mul(uniform([1, 1], streams.contrastTorsion), count);
  const edges = Array.from({ length: count }, (_, i) => i);
  const isBelow = greater(drawn, constant(edges, [1, count]));
  const chosen = sub(
    isBelow,
    greater(
      drawn,
      constant(
        edges.map((edge) => edge + 1),
        [1, count],
      ),
    ),
  );
  const rows = (of: (torsion: RotatableTorsion) => readonly number[]) =>
    matmul(
      chosen,
      constant(
        rotatable.flatMap((torsion) => rowOf(beads, of(torsion))),
        [count, beads],
      ),
    );
  const bead = (row: Tensor) => each(position, (values) => reshape(sum(mul(values, row)), [1, 1]));
  const start = bead(rows(({ atoms }) => [atoms[1]]));
  const end = bead(rows(({ atoms }) => [atoms[2]]));
  return turnedAbout(
    position,
    start,
    end,
    rows(({ moved }) => moved),
    anglesOf(copies, 0),
  );
}

/** 1 at these beads. */
const rowOf = (beads: number, marked: readonly number[]): number[] =>
  Array.from({ length: beads }, (_, bead) => (marked.includes(bead) ? 1 : 0));

const anglesOf = (copies: number, torsion: number): Tensor =>
  mul(uniform([copies, 1], streams.contrastAngles + torsion), 2 * Math.PI);

/** Rodrigues' rotation of the beads of `isMoved` [1, N] about start → end by angles [copies, 1]. */
function turnedAbout(position: Vector, start: Vector, end: Vector, isMoved: Tensor, angles: Tensor): Vector {
  const along = minus(end, start);
  const axis = scaled(along, reciprocal(sqrt(add(dot(along, along), 1e-12))));
  const from = minus(position, end);
  const forward = sub(1, cos(angles));
  const parallel = scaled(axis, dot(axis, from));
  const change = plus(scaled(cross(axis, from), sin(angles)), scaled(minus(parallel, from), forward));
  return plus(position, scaled(change, isMoved));
}
