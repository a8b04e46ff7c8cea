// The kernels of the `wasm` engine: the list of what the module exports, nothing else.
// Every kernel works on byte addresses in one imported shared memory and owns no memory itself (no heap, no
// static data, no stack there), so that any number of threads may run any of them side by side.
// Per-sample tensors are sample-minor: E elements of a tile of T samples lie as [E][T] float32, T a multiple of 4,
// so that SIMD lanes are samples. Strides are in bytes; sizes (K, O, T, valid, …) are counts and at least 1.
// Written in AssemblyScript; built by build/kernels.js, described to TypeScript by ../kernels.ts.

export { pack, gemm } from './gemm';
export { gemmPair } from './pair';
export { gemmSamples } from './samples';
export { matmulShared, reduceLanes } from './shared';
export { loadTile, storeTile, gatherTile, sumSamples } from './tiles';
export { philox } from './philox';
export { barrier } from './barrier';
export { isFused } from './lanes';
