/**
 * Conformations built from lengths, angles and turns of a tree of beads, as tensors: rows are conformations. Not here: the tree
 * (`bead-tree.ts`).
 */
import { mean } from '../program/functions.ts';
import {
  add,
  concat,
  constant,
  cos,
  mul,
  reciprocal,
  reshape,
  sin,
  slice,
  sqrt,
  sub,
  transpose,
} from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { BeadTree, Moments, PlacedBead } from './bead-tree.ts';
import { cross, dot, each, minus, plus, scaled, type Vector } from './vectors.ts';

/** Square of the length of a pair of numbers below which its direction is undetermined. */
const LEAST_SQUARE = 1e-6;

const isFree = ({ from, turn }: PlacedBead): boolean => from.length === 3 && !turn;
const numbersOf = (placed: PlacedBead): number => placed.from.length + (isFree(placed) ? 1 : 0);

/** Numbers that a conformation is built from: a free turn takes two, of which only the direction counts. */
export const numbersOfTree = (tree: BeadTree): number => tree.reduce((sum, placed) => sum + numbersOf(placed), 0);

/** Numbers of about one, [rows, numbersOfTree], in deviations from the mean → [rows, 3 × beads], about the centre of the beads. */
export function builtFrom(tree: BeadTree, numbers: Tensor): Tensor {
  const rows = numbers.shape[0]!;
  let taken = 0;
  const next = (): Tensor => {
    taken++;
    return reshape(slice(numbers, 1, taken - 1, taken), [rows]);
  };
  const about = ([centre, deviation]: Moments): Tensor => add(centre, mul(deviation, next()));
  const places = new Map<number, Vector>();
  for (const { bead, from, length, angle, turn } of tree) {
    const [parent, grand, third] = from.map((other) => places.get(other)!);
    if (!parent) {
      const zero = mul(slice(numbers, 1, 0, 1), 0);
      places.set(
        bead,
        each([zero, zero, zero], (x) => reshape(x, [rows])),
      );
      continue;
    }
    const reach = about(length!);
    if (!grand) {
      places.set(bead, [add(parent[0], reach), parent[1], parent[2]]);
      continue;
    }
    const bend = about(angle!);
    const along = unit(minus(parent, grand));
    const back = mul(reach, cos(bend));
    const aside = mul(reach, sin(bend));
    const { normal, side } = third ? axesAt(third, grand, along) : flatAxes(parent);
    const direction = third ? (turn ? turnBy(about(turn)) : freeTurn(next(), next())) : undefined;
    const sideways = direction ? plus(scaled(side, direction.cosine), scaled(normal, direction.sine)) : side;
    places.set(bead, plus(minus(parent, scaled(along, back)), scaled(sideways, aside)));
  }
  return centred(
    tree.map(({ bead }) => bead),
    places,
  );
}

const unit = (v: Vector): Vector => scaled(v, reciprocal(sqrt(add(dot(v, v), LEAST_SQUARE ** 2))));

/** Perpendicular to the bond from grandparent to parent: in the plane of the third bead, on its side, and across it. */
function axesAt(third: Vector, grand: Vector, along: Vector): { side: Vector; normal: Vector } {
  const normal = unit(cross(minus(grand, third), along));
  return { side: cross(normal, along), normal };
}

/** Of the third bead of a tree, whose two are on the x axis. */
function flatAxes(like: Vector): { side: Vector; normal: Vector } {
  const zero = mul(like[0], 0);
  return { side: [zero, add(zero, 1), zero], normal: [zero, zero, add(zero, 1)] };
}

const turnBy = (angle: Tensor) => ({ cosine: cos(angle), sine: sin(angle) });

function freeTurn(x: Tensor, y: Tensor) {
  const inverse = reciprocal(sqrt(add(add(mul(x, x), mul(y, y)), LEAST_SQUARE)));
  return { cosine: mul(x, inverse), sine: mul(y, inverse) };
}

/** In the order of the beads, about their centre. */
function centred(order: readonly number[], places: ReadonlyMap<number, Vector>): Tensor {
  const beads = order.length;
  const rows = places.get(0)![0].shape[0]!;
  const axes = ([0, 1, 2] as const).map((axis) => {
    const column = concat(
      Array.from({ length: beads }, (_, bead) => reshape(places.get(bead)![axis], [rows, 1])),
      1,
    );
    const centre = reshape(mean(column, [1]), [rows, 1]);
    return reshape(sub(column, mul(centre, constant(new Float64Array(beads).fill(1), [1, beads]))), [1, rows, beads]);
  });
  return reshape(transpose(concat(axes, 0), [1, 2, 0]), [rows, 3 * beads]);
}
