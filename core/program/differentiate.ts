/**
 * Derivatives of traced programs, as new traced programs.
 *
 * `gradients` is reverse mode, `tangents` forward mode, `secondOrder` carries a whole second-order differential
 * operator forward in one sweep. Their results are ordinary tensors, so they compose to any order. Not here: the
 * rules themselves, which stand beside each primitive in `primitives.ts`.
 */
import { add, constant, ruleOf, sumOverSamples, zeros } from './primitives.ts';
import { reachable, type Tensor } from './tensor.ts';

/** The tensors among `order` that depend on any of `sources`. */
function dependents(order: readonly Tensor[], sources: readonly Tensor[]): Set<Tensor> {
  const found = new Set<Tensor>(sources);
  for (const y of order) if (y.inputs.some((x) => found.has(x))) found.add(y);
  return found;
}

/**
 * ∂(Σ y)/∂x for each x of `wrt`. A per-sample x receives its own sample's derivative; a shared x the sum over all
 * samples. `bar` is the cotangent of y, one by default.
 */
export function gradients(y: Tensor, wrt: readonly Tensor[], bar?: Tensor): Tensor[] {
  const order = reachable([y]);
  const active = dependents(order, wrt);
  const bars = new Map<Tensor, Tensor>([[y, bar ?? ones(y)]]);
  for (const node of order.reverse()) {
    const own = bars.get(node);
    if (own === undefined || !active.has(node)) continue;
    const needs = node.inputs.map((x) => active.has(x));
    if (!needs.includes(true)) continue;
    const shares = ruleOf(node).cotangents(node, own, needs);
    node.inputs.forEach((x, i) => {
      const share = needs[i] ? shares[i] : undefined;
      if (share === undefined) return;
      // A shared tensor used by every sample collects from every sample.
      const whole = node.perSample && !x.perSample ? sumOverSamples(share) : share;
      const before = bars.get(x);
      bars.set(x, before === undefined ? whole : add(before, whole));
    });
  }
  return wrt.map((x) => bars.get(x) ?? zeros(x.shape));
}

const ones = (y: Tensor): Tensor => add(zeros(y.shape), constant(1));

export type Tangents = ReadonlyMap<Tensor, Tensor>;

/** Tangents of `ys` when each key of `seeds` moves along its value; tensors in `held` do not move at all. */
export function tangents(
  ys: readonly Tensor[],
  seeds: Tangents,
  held: ReadonlySet<Tensor> = new Set(),
): (Tensor | undefined)[] {
  const dots = new Map<Tensor, Tensor>(seeds);
  for (const node of reachable(ys)) {
    if (dots.has(node) || held.has(node)) continue;
    const inputs = node.inputs.map((x) => dots.get(x));
    if (!inputs.some(Boolean)) continue;
    const dot = ruleOf(node).tangent(node, inputs);
    if (dot !== undefined) dots.set(node, dot);
  }
  return ys.map((y) => dots.get(y));
}

export interface SecondOrder {
  /** First derivative along each direction. */
  readonly along: readonly Tensor[];
  /** (drift · ∇)y + Σ over directions of the second derivative along that direction. */
  readonly operator: Tensor;
}

/**
 * L[y] = (drift · ∇) y + Σᵢ ∂²y/∂vᵢ², in one forward sweep.
 *
 * Such an operator obeys L[f(u)] = f′(u)[L u] + Σᵢ f″(u)[∂ᵢu, ∂ᵢu], so it costs one stream for each direction and a
 * single one for L, however many second derivatives are summed; nested forward mode would need two for each.
 */
export function secondOrder(y: Tensor, directions: readonly Tangents[], drift: Tangents): SecondOrder {
  // A seed becomes a node of its own: it may be one of the tensors that move, and must itself stand still.
  const firsts = directions.map((seeds) => new Map<Tensor, Tensor>([...seeds].map(([x, dot]) => [x, add(dot, 0)])));
  const operator = new Map<Tensor, Tensor>(drift);
  const sources = new Set<Tensor>([...drift.keys(), ...directions.flatMap((d) => [...d.keys()])]);
  for (const node of reachable([y])) {
    if (sources.has(node)) continue;
    const rule = ruleOf(node);
    let second: Tensor | undefined;
    const include = (term: Tensor | undefined) => {
      if (term !== undefined) second = second === undefined ? term : add(second, term);
    };
    const drifts = node.inputs.map((x) => operator.get(x));
    if (drifts.some(Boolean)) include(rule.tangent(node, drifts));
    for (const first of firsts) {
      const dots = node.inputs.map((x) => first.get(x));
      if (!dots.some(Boolean)) continue;
      const dot = rule.tangent(node, dots);
      if (dot === undefined) continue;
      first.set(node, dot);
      const moving = new Map<Tensor, Tensor>();
      node.inputs.forEach((x, i) => {
        if (dots[i]) moving.set(x, dots[i]);
      });
      include(tangents([dot], moving, new Set(dots.filter((d) => d !== undefined)))[0]);
    }
    if (second !== undefined) operator.set(node, second);
  }
  return { along: firsts.map((first) => first.get(y) ?? zeros(y.shape)), operator: operator.get(y) ?? zeros(y.shape) };
}

// ---- the same, for functions ----

export const valueAndGrad =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): { value: Tensor; gradient: Tensor } => {
    const value = f(x);
    return { value, gradient: gradients(value, [x])[0]! };
  };

export const grad =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    valueAndGrad(f)(x).gradient;
