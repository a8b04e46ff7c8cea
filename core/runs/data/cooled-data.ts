/**
 * Frames of another temperature whose stiff coordinates are made as narrow as they are at the temperature that is wanted
 * (method §11): the deviations of lengths, angles and stiff turns from their means are scaled by √(T/T′), as those of harmonic
 * coordinates are; free turns stay. *Derived for this product.* Populations are not the business of this: weights are.
 */
import { wasmEngine } from '../../engines/wasm/wasm.ts';
import { ErgodicError } from '../../errors.ts';
import { angleAt, type BeadTree, beadTree, dihedral, distance, placements, wrapped } from '../../models/bead-tree.ts';
import { builtFrom, numbersOfTree } from '../../models/built-conformations.ts';
import { reshape } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import type { Topology } from '../../systems/topology.ts';
import type { DataSet } from './data-set.ts';

/** Frames in one call of an engine. */
const AT_ONCE = 2000;

/** `name`: of the molecule, for the error. `factor`: √(T/T′). */
export async function cooled(name: string, data: DataSet, topology: Topology, factor: number): Promise<DataSet> {
  const { dimension, count, values } = data;
  const beads = topology.atoms.length;
  const at = (frame: number) => values.subarray(frame * dimension, (frame + 1) * dimension);
  const placed = placements(beads, topology.bonds);
  const tree = placed && beadTree(placed, { count, at });
  if (!tree) {
    throw new ErgodicError(
      `\`${name}\` cannot be taken apart into lengths, angles and turns, as its bonds do not hold it together or three beads in a row are straight: set \`system.cooling\` to none.`,
    );
  }
  const size = numbersOfTree(tree);
  const program = trace('build', { numbers: { shape: [size], perSample: true } }, ({ numbers }) => ({
    end: { x: reshape(builtFrom(tree, reshape(numbers, [1, size])), [dimension]) },
  }));
  const out = new Float32Array(values.length);
  const engine = wasmEngine({ threads: 1 });
  try {
    const build = await engine.compile(program);
    for (let from = 0; from < count; from += AT_ONCE) {
      const samples = Math.min(AT_ONCE, count - from);
      const numbers = new Float32Array(samples * size);
      for (let i = 0; i < samples; i++) numbers.set(numbersOf(tree, at(from + i), factor), i * size);
      const { x } = await build.run({ samples, inputs: { numbers } });
      out.set(x!, from * dimension);
    }
    build.dispose();
  } finally {
    await engine.dispose();
  }
  return { dimension, count, values: out };
}

/** What a frame is built from again, its stiff deviations times a factor. */
function numbersOf(tree: BeadTree, x: ArrayLike<number>, factor: number): number[] {
  return tree.flatMap(({ bead, from, length, angle, turn }) => {
    const [parent, grand, third] = from as [number, number, number];
    const found: number[] = [];
    const add = (deviation: number, unit: number) => found.push((factor * deviation) / unit);
    if (length) add(distance(x, bead, parent) - length[0], length[1]);
    if (angle) add(angleAt(x, bead, parent, grand) - angle[0], angle[1]);
    if (third === undefined) return found;
    const own = dihedral(x, bead, parent, grand, third);
    if (turn) add(wrapped(own - turn[0]), turn[1]);
    else found.push(Math.cos(own), Math.sin(own));
    return found;
  });
}
