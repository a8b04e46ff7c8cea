/**
 * Self-attention over all pairs of beads with edge keys and values, without ever forming an edge (method §4).
 *
 * With edge key and value `e_ij = A_h (x_j − x_i) + c` per head h, the softmax over j forgets what does not depend on
 * j, and its weights sum to 1. So `logits_ij = q_i·k_j + (A_hᵀ q_i)·x_j`, and the output is
 * `Σ_j a_ij v_j + A_h (Σ_j a_ij x_j − x_i) + c`: the same function as with N²×512 edge tensors, and the key bias, the
 * edge bias in the keys and x_i in the keys drop out exactly. x and z are kept apart, so that what depends on z alone
 * is computed once where z is shared (the first layer at a fixed t).
 *
 * Products of weights alone cost nothing per sample, so `q_i·k_j = z_i (W_q W_kᵀ)_h z_jᵀ` and `v W_o = z (W_v W_o)_h`
 * may be folded into one matrix per head; `attentionCost` says when that is cheaper.
 */
import { softmax } from '../program/functions.ts';
import { add, broadcast, matmul, mul, reshape, sub, transpose } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { geometricFeatures } from './geometric-features.ts';
import type { NamedTensors } from './parameters.ts';

export interface AttentionShape {
  readonly beads: number;
  readonly hidden: number;
  readonly heads: number;
  readonly headWidth: number;
}

export type AttentionForm = 'folded' | 'separate';

/**
 * Floating-point operations per sample in the products that differ between the two forms. A z that is the same for
 * every sample leaves only what meets the attention weights.
 *
 * | form | z → keys and queries, logits | z → values, weighted sum (and read-out) |
 * |---|---|---|
 * | folded | 2·N·H·hH + 2·N²·hH | 2·N·H·hH + 2·N²·hH |
 * | separate | 4·N·H·hw + 2·N²·hw | 2·N·H·hw + 2·N²·hw + 2·N·hw·H |
 */
export function attentionCost(
  form: AttentionForm,
  { beads: n, hidden, heads, headWidth }: AttentionShape,
  sharedZ: boolean,
) {
  const inner = heads * (form === 'folded' ? hidden : headWidth);
  const weighted = 2 * n * n * inner + (form === 'separate' ? 2 * n * inner * hidden : 0);
  const fromZ = 2 * n * hidden * inner * (form === 'folded' ? 2 : 3) + 2 * n * n * inner;
  return sharedZ ? weighted : weighted + fromZ;
}

export const cheaperForm = (shape: AttentionShape, sharedZ: boolean): AttentionForm =>
  attentionCost('folded', shape, sharedZ) < attentionCost('separate', shape, sharedZ) ? 'folded' : 'separate';

/** z [N, hidden] (normalised nodes), x [N, 3] → [N, hidden]; `name` is the layer whose q, k, v, e, o are used. */
export function attention(
  shape: AttentionShape,
  parts: NamedTensors,
  name: string,
  z: Tensor,
  x: Tensor,
  form: AttentionForm = cheaperForm(shape, !z.perSample),
): Tensor {
  const { beads, hidden, heads, headWidth } = shape;
  const inner = heads * headWidth;
  const part = (key: string) => parts[`${name}.${key}`]!;
  /** [rows, heads·width] → [heads, rows, width]. */
  const byHead = (w: Tensor) => transpose(reshape(w, [w.shape[0]!, heads, headWidth]), [1, 0, 2]);
  /** [heads, rows, n] → [rows, heads·n]. */
  const sideBySide = (w: Tensor) => reshape(transpose(w, [1, 0, 2]), [w.shape[1]!, heads * w.shape[2]!]);

  // Weights alone. The factor 1/√width of the logits goes into the query.
  const scale = headWidth ** -0.5;
  const query = mul(part('q.w'), scale);
  const queryBias = mul(reshape(part('q.b'), [1, inner]), scale);
  const readOut = reshape(part('o.w'), [heads, headWidth, hidden]);
  const edge = matmul(parts['edge.w']!, part('e.w'));
  const edgeByHead = byHead(edge);
  const edgeBias = add(matmul(reshape(parts['edge.b']!, [1, hidden]), part('e.w')), part('e.b'));
  /** What every node receives whatever it attends to: the weights sum to 1. */
  const everyNode = add(matmul(add(edgeBias, part('v.b')), part('o.w')), part('o.b'));

  /** (A_hᵀ q_i) as [N, heads, 3]. */
  const pull = reshape(
    add(
      matmul(z, sideBySide(matmul(byHead(query), edgeByHead, false, true))),
      sideBySide(matmul(byHead(queryBias), edgeByHead, false, true)),
    ),
    [beads, heads, 3],
  );
  /** A_h (mean neighbour − x_i), read out, and what else is told of them: [N, heads, 3] → [N, hidden]. */
  const fromNeighbours = (mean: Tensor) => {
    const directions = sub(mean, broadcast(x, [beads, heads, 3], [0, 2]));
    const readOutByHead = reshape(matmul(edgeByHead, readOut), [heads * 3, hidden]);
    const asTheyAre = matmul(reshape(directions, [beads, heads * 3]), readOutByHead);
    const turned = geometricFeatures(parts, name, directions);
    return turned ? add(asTheyAre, turned) : asTheyAre;
  };

  if (form === 'folded') {
    // Rows are (bead, head) throughout, so that no logit has to move.
    const rows = beads * heads;
    const keys = byHead(part('k.w'));
    const queries = add(
      matmul(z, sideBySide(matmul(byHead(query), keys, false, true))),
      sideBySide(matmul(byHead(queryBias), keys, false, true)),
    );
    const logits = add(
      matmul(reshape(queries, [rows, hidden]), z, false, true),
      matmul(reshape(pull, [rows, 3]), x, false, true),
    );
    const a = softmax(logits);
    const values = matmul(z, sideBySide(matmul(byHead(part('v.w')), readOut)));
    const weights = reshape(transpose(reshape(a, [beads, heads, beads]), [0, 2, 1]), [beads, rows]);
    const fromValues = matmul(weights, reshape(values, [rows, hidden]));
    return add(add(fromValues, fromNeighbours(reshape(matmul(a, x), [beads, heads, 3]))), everyNode);
  }

  const q = byHead(add(matmul(z, query), queryBias));
  const rows = heads * beads;
  const edgeLogits = matmul(reshape(transpose(pull, [1, 0, 2]), [rows, 3]), x, false, true);
  const logits = add(
    matmul(q, byHead(matmul(z, part('k.w'))), false, true),
    reshape(edgeLogits, [heads, beads, beads]),
  );
  const a = softmax(logits);
  const fromValues = matmul(sideBySide(matmul(a, byHead(matmul(z, part('v.w'))))), part('o.w'));
  const mean = reshape(matmul(reshape(a, [rows, beads]), x), [heads, beads, 3]);
  return add(add(fromValues, fromNeighbours(transpose(mean, [1, 0, 2]))), everyNode);
}
