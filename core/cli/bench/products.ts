/**
 * The engine's matrix kernels at the shapes of the network, on this thread and on hot data: a tile of samples times
 * the weights of hidden → 512 (the inner width of attention) and back, and the sum over samples that gives the
 * gradient of such a weight, with its packing.
 */
import {
  createKernelMemory,
  gemmSamplesScratch,
  instantiate,
  type KernelVariant,
  kernelModule,
  packedBytes,
  panelCount,
} from '../../engines/wasm/kernels.ts';

export interface ProductShape {
  readonly beads: number;
  readonly hidden: number;
}

export interface Products {
  /** Floating-point operations of one call of either. */
  readonly operations: number;
  forward(): void;
  weightGradients(): void;
}

const TILE = 16;
const LANE = 4 * TILE;
const INNER = 512;

export function networkProducts({ beads, hidden }: ProductShape, variant: KernelVariant): Products {
  let end = 0;
  const reserve = (bytes: number) => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const narrow = reserve(beads * hidden * LANE);
  const wide = reserve(beads * INNER * LANE);
  const weight = reserve(4 * hidden * INNER);
  const toWide = reserve(packedBytes(hidden, INNER));
  const toNarrow = reserve(packedBytes(INNER, hidden));
  const gradient = reserve(4 * hidden * INNER);
  const scratch = reserve(gemmSamplesScratch(beads, Math.max(hidden, INNER), TILE));
  const memory = createKernelMemory(end);
  new Float32Array(memory.buffer).forEach((_, i, all) => {
    all[i] = Math.sin(i) / 16;
  });
  const kernels = instantiate(kernelModule(variant), memory);
  kernels.pack(toWide, weight, hidden, INNER, 4 * INNER, 4, 0, panelCount(INNER));
  kernels.pack(toNarrow, weight, INNER, hidden, 4, 4 * INNER, 0, panelCount(hidden));
  const product = (out: number, packed: number, x: number, K: number, O: number) => {
    kernels.gemm(out, packed, x, K, O, beads, LANE, O * LANE, LANE, K * LANE, TILE, TILE, 0);
  };
  const sums = (K: number, a: number, N: number, b: number) => {
    const [aM, bM] = [K * LANE, N * LANE];
    kernels.gemmSamples(gradient, a, b, beads, K, N, aM, LANE, bM, LANE, 4 * N, 4, TILE, TILE, scratch, 0);
  };
  return {
    operations: 2 * 2 * beads * TILE * hidden * INNER,
    forward() {
      product(wide, toWide, narrow, hidden, INNER);
      product(narrow, toNarrow, wide, INNER, hidden);
    },
    weightGradients() {
      sums(hidden, narrow, INNER, wide);
      sums(INNER, wide, hidden, narrow);
    },
  };
}
