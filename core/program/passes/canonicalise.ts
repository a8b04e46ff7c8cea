/**
 * Makes a program fit for planning: every result is computed by itself (not a view, an input or a literal), products
 * take shared operands as shared, and rare forms are put in terms of common ones. Runs last, after simplification.
 */
import {
  matmul,
  oneHot,
  primitives,
  reshape,
  spread,
  stopGradient,
  sumOverSamples,
  withInputs,
} from '../primitives.ts';
import { type Program, rootsOf } from '../program.ts';
import { sizeOf, type Tensor } from '../tensor.ts';
import { type Pass, rewrite } from './rewrite.ts';
import { literal } from './simplify.ts';

export const canonicalise: Pass = (program) => ownResults(rewrite(program, common));

/** A tensor that every sample shares although it counts as per-sample. */
function sharedBehind(x: Tensor): Tensor | undefined {
  if (!x.perSample) return x;
  if (x.primitive === 'spread') return x.inputs[0]!;
  if (primitives[x.primitive].kind !== 'view') return undefined;
  const inner = sharedBehind(x.inputs[0]!);
  return inner && withInputs(x, [inner]);
}

function common(y: Tensor): Tensor {
  if (y.primitive === 'matmul' && y.perSample) {
    const known = y.inputs.map(sharedBehind);
    if (known.every((x) => x !== undefined)) return spread(withInputs(y, known));
    return withInputs(
      y,
      y.inputs.map((x, i) => known[i] ?? x),
    );
  }
  if (y.primitive === 'sumOverSamples') {
    const x = y.inputs[0]!;
    const plain = primitives[x.primitive].kind !== 'view' && literal(x) === undefined;
    return plain ? y : sumOverSamples(stopGradient(x));
  }
  if (y.primitive === 'gather') {
    const [table, index] = y.inputs as [Tensor, Tensor];
    if (table.perSample || !index.perSample) {
      const rows = reshape(oneHot(index, table.shape[0]!), [sizeOf(index.shape), table.shape[0]!]);
      return reshape(matmul(rows, reshape(table, [table.shape[0]!, sizeOf(table.shape.slice(1))])), y.shape);
    }
  }
  return y;
}

function ownResults(program: Program): Program {
  const owned = new Map<Tensor, Tensor>();
  for (const y of rootsOf(program)) {
    const { kind } = primitives[y.primitive];
    // A sum over samples is written by all tiles together; its result must wait for them.
    const direct = kind !== 'view' && kind !== 'source' && literal(y) === undefined && y.primitive !== 'sumOverSamples';
    owned.set(y, direct ? y : stopGradient(y));
  }
  return {
    ...program,
    inputs: program.inputs.map((spec) => {
      if (!spec.next) return spec;
      const next = owned.get(spec.next)!;
      return { ...spec, next: spec.perSample && !next.perSample ? stopGradient(spread(next)) : next };
    }),
    outputs: program.outputs.map((output) => ({ ...output, tensor: owned.get(output.tensor)! })),
  };
}
