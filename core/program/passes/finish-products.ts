/**
 * Element-wise work behind a matrix product joins it, so that the product's numbers need not be stored first. For engines
 * that compute a product block by block and can go on with a block while they hold it. A product takes the first work
 * that reads it, where that has the product's shape and is not longer than `longest` operations.
 */
import { rootsOf } from '../program.ts';
import type { Tensor } from '../tensor.ts';
import { inputsOf, type MapUnit, type Plan, type Unit } from './fuse.ts';
import type { Views } from './strided-views.ts';

export function finishProducts(plan: Plan, longest = Number.POSITIVE_INFINITY): Plan {
  const { program, views, units } = plan;
  const { call, step, tile, post } = units;
  const wanted = new Set(rootsOf(program).map((y) => views.of(y).root));
  const readers = new Map<Tensor, Unit[]>();
  for (const unit of [...call, ...step, ...tile, ...post])
    for (const root of rootsRead(unit, views)) readers.set(root, [...(readers.get(root) ?? []), unit]);
  const readersOf = (y: Tensor) => readers.get(y) ?? [];
  const finished = (stage: readonly Unit[]): Unit[] => {
    const finishOf = new Map<Unit, Unit>();
    const taken = new Set<Unit>();
    for (const unit of stage) {
      if (unit.kind !== 'op' || unit.target.primitive !== 'matmul') continue;
      const y = unit.target;
      const [first] = stage.filter((one) => readersOf(y).includes(one));
      if (first?.kind !== 'map' || first.members.length > longest) continue;
      if (taken.has(first) || !readsAsIs(first, y, views)) continue;
      taken.add(first).add(unit);
      const isStored = wanted.has(y) || readersOf(y).length > 1;
      finishOf.set(first, { ...unit, finish: { work: first, isStored } });
    }
    return stage.flatMap((unit) => finishOf.get(unit) ?? (taken.has(unit) ? [] : unit));
  };
  return { ...plan, units: { call: finished(call), step: finished(step), tile: finished(tile), post: finished(post) } };
}

const rootsRead = (unit: Unit, views: Views): ReadonlySet<Tensor> =>
  new Set(inputsOf(unit).map((x) => views.of(x).root));

/** Element by element, and not also in another order. */
const readsAsIs = (work: MapUnit, y: Tensor, views: Views): boolean =>
  work.outputs[0]!.perSample === y.perSample &&
  String(work.shape) === String(y.shape) &&
  inputsOf(work).every((x) => x === y || views.of(x).root !== y);
