/**
 * From tensors to units of work: element-wise fusion and the order of work.
 *
 * Element-wise tensors of one shape that can run at the same time become one unit, whose intermediates never touch
 * memory; a reduction swallows the element-wise work that only it needs. Each tensor runs as late as its first use
 * allows, so that what a backward sweep needs is recomputed from little rather than stored. Sums over samples run as
 * early as they can, to free what they read. Not here: memory (`memory.ts`) and machine code (the engines).
 */
import { primitives, ruleOf } from '../primitives.ts';
import { type Program, rootsOf } from '../program.ts';
import { reachable, sizeOf, type Tensor } from '../tensor.ts';
import { literal } from './simplify.ts';
import { type Stage, stagesOf } from './stages.ts';
import { Views } from './strided-views.ts';

/** Element by element over `shape`; `outputs` are the members that memory must hold. */
export interface MapUnit {
  readonly kind: 'map';
  readonly shape: readonly number[];
  readonly members: Tensor[];
  readonly outputs: Tensor[];
}

export type Unit =
  | MapUnit
  /** A sum or maximum of what `members` compute from memory. */
  | { readonly kind: 'reduce'; readonly target: Tensor; readonly members: Tensor[] }
  /** The numbers of a view that strides cannot express, or of a program result that is a view. */
  | { readonly kind: 'copy'; readonly target: Tensor }
  /** `finish`: element-wise work on the target, which is stored itself only where others need it. */
  | {
      readonly kind: 'op';
      readonly target: Tensor;
      readonly finish?: { readonly work: MapUnit; readonly isStored: boolean };
    }
  /** Adds Σ over samples of a · b (or of a alone) to an accumulator. */
  | {
      readonly kind: 'accumulate';
      readonly target: Tensor;
      readonly a: Tensor;
      readonly b?: Tensor;
      readonly product?: Tensor;
    };

export interface Plan {
  readonly program: Program;
  readonly views: Views;
  readonly stages: ReadonlyMap<Tensor, Stage>;
  readonly units: Readonly<Record<Stage, readonly Unit[]>>;
  /** Sums over samples; each is complete once all tiles have added their share. */
  readonly accumulators: readonly Tensor[];
}

const LAST = 1e9;

export function fuse(program: Program): Plan {
  const views = new Views();
  const stages = stagesOf(program);
  const results = new Set(rootsOf(program));
  const order = reachable(results);
  const uses = countUses(order, results);
  const sums = accumulatorsOf(order, uses);
  const plan = { program, views, stages, accumulators: [...sums.keys()] };
  const inStage = (stage: Stage) => order.filter((y) => stages.get(y) === stage);
  const units = (stage: Stage) => {
    const accumulate =
      stage === 'tile' ? [...sums].flatMap(([target, leaves]) => leaves.map((leaf) => share(target, leaf, uses))) : [];
    const hidden = new Set<Tensor>([...sums.keys(), ...[...sums.values()].flat(), ...insideSums(sums)]);
    for (const unit of accumulate) if (unit.product) hidden.add(unit.product);
    const own = inStage(stage).filter((y) => !hidden.has(y));
    return unitsOf(own, accumulate, order, views, results, hidden);
  };
  return { ...plan, units: { call: units('call'), step: units('step'), tile: units('tile'), post: units('post') } };
}

function countUses(order: readonly Tensor[], results: ReadonlySet<Tensor>): Map<Tensor, number> {
  const uses = new Map<Tensor, number>();
  for (const y of order) for (const x of y.inputs) uses.set(x, (uses.get(x) ?? 0) + 1);
  for (const y of results) uses.set(y, (uses.get(y) ?? 0) + 1);
  return uses;
}

/** Each accumulator with the sums over samples that flow into it: a lone one, or a tree of additions of them. */
function accumulatorsOf(order: readonly Tensor[], uses: ReadonlyMap<Tensor, number>): Map<Tensor, Tensor[]> {
  const leavesOf = (y: Tensor): Tensor[] | undefined => {
    if (y.primitive === 'sumOverSamples') return [y];
    if (y.primitive !== 'add') return undefined;
    const parts = y.inputs.map((x) => (uses.get(x) === 1 ? leavesOf(x) : undefined));
    return parts.every((p) => p !== undefined) ? parts.flat() : undefined;
  };
  const sums = new Map<Tensor, Tensor[]>();
  const taken = new Set<Tensor>();
  for (const y of [...order].reverse()) {
    if (taken.has(y)) continue;
    const leaves = leavesOf(y);
    if (leaves === undefined) continue;
    sums.set(y, leaves);
    const take = (x: Tensor) => {
      taken.add(x);
      if (x.primitive === 'add') x.inputs.forEach(take);
    };
    take(y);
  }
  return sums;
}

/** The additions inside an accumulator's tree, which nobody computes. */
function insideSums(sums: ReadonlyMap<Tensor, readonly Tensor[]>): Tensor[] {
  const inside: Tensor[] = [];
  const walk = (y: Tensor) => {
    inside.push(y);
    if (y.primitive === 'add') y.inputs.forEach(walk);
  };
  for (const target of sums.keys()) if (target.primitive === 'add') target.inputs.forEach(walk);
  return inside;
}

/** A sum over samples of a matrix product contracts the samples together with the product's inner axis. */
function share(target: Tensor, leaf: Tensor, uses: ReadonlyMap<Tensor, number>): Unit & { kind: 'accumulate' } {
  const x = leaf.inputs[0]!;
  const [a, b] = x.inputs;
  if (x.primitive === 'matmul' && uses.get(x) === 1 && a!.perSample && b!.perSample) {
    return { kind: 'accumulate', target, a: a!, b: b!, product: x };
  }
  return { kind: 'accumulate', target, a: x };
}

export const inputsOf = (unit: Unit): readonly Tensor[] => {
  switch (unit.kind) {
    case 'map':
      return externals(unit.members);
    case 'reduce':
      return unit.members.length > 0 ? externals(unit.members) : unit.target.inputs;
    case 'accumulate':
      return unit.b ? [unit.a, unit.b] : [unit.a];
    case 'op':
      return unit.finish ? externals([unit.target, ...unit.finish.work.members]) : unit.target.inputs;
    default:
      return unit.target.inputs;
  }
};

export const outputsOf = (unit: Unit): readonly Tensor[] => {
  if (unit.kind === 'map') return unit.outputs;
  if (unit.kind === 'accumulate') return [];
  if (unit.kind !== 'op' || !unit.finish) return [unit.target];
  const { work, isStored } = unit.finish;
  return isStored ? [unit.target, ...work.outputs] : work.outputs;
};

function externals(members: readonly Tensor[]): Tensor[] {
  const own = new Set(members);
  return [...new Set(members.flatMap((y) => y.inputs).filter((x) => !own.has(x)))];
}

function unitsOf(
  own: readonly Tensor[],
  accumulate: readonly Unit[],
  order: readonly Tensor[],
  views: Views,
  results: ReadonlySet<Tensor>,
  hidden: ReadonlySet<Tensor>,
): Unit[] {
  const computed = own.filter((y) => views.isRoot(y) && ruleOf(y).kind !== 'source' && literal(y) === undefined);
  const draws = own.filter((y) => y.primitive === 'uniform' || y.primitive === 'normal');
  const nodes = [...computed, ...draws];
  const mine = new Set(nodes);
  const consumers = new Map<Tensor, { by: Tensor | Unit; direct: boolean }[]>();
  const note = (x: Tensor, by: Tensor | Unit) => {
    const root = views.of(x).root;
    const list = consumers.get(root) ?? [];
    consumers.set(root, list);
    list.push({ by, direct: root === x });
  };
  for (const y of order) if (!hidden.has(y) && views.isRoot(y)) for (const x of y.inputs) note(x, y);
  for (const unit of accumulate) for (const x of inputsOf(unit)) note(x, unit);
  const wanted = new Set([...results].map((y) => views.of(y).root));
  const isMap = (y: Tensor) => primitives[y.primitive].kind === 'map';

  // Element-wise work that only one reduction needs goes inside that reduction.
  const inside = new Map<Tensor, Tensor>();
  for (const y of [...computed].reverse()) {
    if (!isMap(y) || wanted.has(y)) continue;
    const by = consumers.get(y) ?? [];
    const homes = new Set(
      by.map(({ by: c, direct }) => {
        if (!direct || !('primitive' in c) || !mine.has(c)) return undefined;
        if (ruleOf(c).kind === 'reduce') return c.perSample === y.perSample ? c : undefined;
        return isMap(c) ? inside.get(c) : undefined;
      }),
    );
    const [home] = homes;
    if (homes.size === 1 && home !== undefined && home.perSample === y.perSample) inside.set(y, home);
  }

  const level = new Map<Tensor, number>();
  const levelOf = (c: Tensor): number => level.get(inside.get(c) ?? c) ?? LAST;
  for (const y of [...nodes].sort((p, q) => q.id - p.id)) {
    if (inside.has(y)) continue;
    let latest = LAST;
    for (const { by, direct } of consumers.get(y) ?? []) {
      if (!('primitive' in by)) continue;
      if (!mine.has(by)) continue;
      const together = direct && isMap(y) && isMap(by) && !inside.has(by) && by.perSample === y.perSample;
      latest = Math.min(latest, levelOf(by) - (together ? 0 : 1));
    }
    level.set(y, latest);
  }

  const units: { unit: Unit; level: number }[] = [];
  const groups = new Map<string, Tensor[]>();
  for (const y of computed) {
    if (inside.has(y)) continue;
    if (isMap(y)) {
      const key = `${level.get(y)}|${y.perSample}|${y.shape}`;
      groups.set(key, [...(groups.get(key) ?? []), y]);
    } else if (ruleOf(y).kind === 'reduce') {
      const members = computed.filter((x) => inside.get(x) === y);
      units.push({ unit: { kind: 'reduce', target: y, members }, level: level.get(y)! });
    } else {
      units.push({ unit: { kind: ruleOf(y).kind === 'view' ? 'copy' : 'op', target: y }, level: level.get(y)! });
    }
  }
  for (const y of draws) units.push({ unit: { kind: 'op', target: y }, level: level.get(y)! });
  for (const members of groups.values()) {
    for (const part of connected(members, views)) {
      const set = new Set(part);
      const outputs = part.filter(
        (y) =>
          wanted.has(y) ||
          (consumers.get(y) ?? []).some(({ by, direct }) => !direct || !('primitive' in by) || !set.has(by)),
      );
      units.push({ unit: { kind: 'map', shape: part[0]!.shape, members: part, outputs }, level: level.get(part[0]!)! });
    }
  }
  for (const unit of accumulate) units.push({ unit, level: -1 });
  return ordered(units, views);
}

/** Members that share an operand or feed one another; what is unrelated had better be a unit of its own. */
function connected(members: readonly Tensor[], views: Views): Tensor[][] {
  const parent = new Map<Tensor, Tensor>(members.map((y) => [y, y]));
  const find = (y: Tensor): Tensor => {
    let at = y;
    while (parent.get(at) !== at) at = parent.get(at)!;
    return at;
  };
  const firstReader = new Map<Tensor, Tensor>();
  for (const y of members) {
    for (const x of y.inputs) {
      if (parent.has(x)) parent.set(find(y), find(x));
      else if (literal(x) === undefined && sizeOf(x.shape) === sizeOf(views.of(x).root.shape)) {
        const reader = firstReader.get(views.of(x).root);
        if (reader) parent.set(find(y), find(reader));
        else firstReader.set(views.of(x).root, y);
      }
    }
  }
  const parts = new Map<Tensor, Tensor[]>();
  for (const y of members) parts.set(find(y), [...(parts.get(find(y)) ?? []), y]);
  return [...parts.values()];
}

/** A valid order: among the units whose inputs exist, the one that is needed first. */
function ordered(units: readonly { unit: Unit; level: number }[], views: Views): Unit[] {
  const maker = new Map<Tensor, number>();
  units.forEach(({ unit }, i) => {
    for (const y of outputsOf(unit)) maker.set(y, i);
  });
  const waits = units.map(({ unit }, i) => {
    const makers = inputsOf(unit).map((x) => maker.get(views.of(x).root));
    return new Set(makers.filter((m): m is number => m !== undefined && m !== i));
  });
  const unblocks = units.map((): number[] => []);
  waits.forEach((set, i) => {
    for (const m of set) unblocks[m]!.push(i);
  });
  const ready = units.map((_, i) => i).filter((i) => waits[i]!.size === 0);
  const out: Unit[] = [];
  while (ready.length > 0) {
    let best = 0;
    for (let i = 1; i < ready.length; i++) if (units[ready[i]!]!.level < units[ready[best]!]!.level) best = i;
    const [next] = ready.splice(best, 1) as [number];
    out.push(units[next]!.unit);
    for (const i of unblocks[next]!) {
      waits[i]!.delete(next);
      if (waits[i]!.size === 0) ready.push(i);
    }
  }
  if (out.length !== units.length) throw new Error('The units of a program wait for one another.');
  return out;
}
