// The compiled kernels as a typed WebAssembly module: decoding, the choice of variant, and what each kernel takes.
// Runs in Node and browsers alike. Not the interpreter that calls the kernels, and no arithmetic of its own.
// Pointers are byte addresses in the one shared memory; all strides are bytes. A per-sample tensor of E elements for
// a tile of T samples lies as [E][T] float32, T a multiple of 4. Counts are at least 1. Sources: ./assembly.

import { relaxedKernels, simdKernels } from './kernels.generated.ts';

export type KernelModule = WebAssembly.Module;
export type KernelMemory = WebAssembly.Memory;

export type KernelVariant = 'relaxed' | 'simd';

/** 0 overwrites the output, 1 adds to it. */
export type Accumulate = 0 | 1;

/** What `philox` writes: uniforms in (0, 1), or for each pair of words one in (0, 1] and one in (0, 1). */
export const PHILOX_UNIFORM = 0;
export const PHILOX_BOX_MULLER = 1;

/** Outputs per panel of a packed matrix. */
const PANEL = 6;

export interface Kernels {
  /** Shared W[k,o] → panels of six outputs, dst[(panel·K + k)·6 + row], zero where there is no output. */
  pack(
    dst: number,
    src: number,
    K: number,
    O: number,
    kStride: number,
    oStride: number,
    fromPanel: number,
    toPanel: number,
  ): void;
  /** out[o,r,:] = Σ_k W[k,o]·x[k,r,:] with W packed. With `valid` 1 and one r, lanes behind the first get copies of it. */
  gemm(
    out: number,
    packed: number,
    x: number,
    K: number,
    O: number,
    R: number,
    oStride: number,
    orStride: number,
    xkStride: number,
    xrStride: number,
    T: number,
    valid: number,
    accumulate: Accumulate,
  ): void;
  /** out[i,j,:] = Σ_k a[i,k,:]·b[k,j,:], lane by lane. */
  gemmPair(
    out: number,
    a: number,
    b: number,
    I: number,
    J: number,
    K: number,
    aI: number,
    aK: number,
    bK: number,
    bJ: number,
    oI: number,
    oJ: number,
    T: number,
    accumulate: Accumulate,
  ): void;
  /**
   * out[k,n] = Σ_m Σ_{t<valid} a[m,k,t]·b[m,n,t]. Lanes of `a` from `valid` on must be finite. Scratch as
   * `gemmSamplesScratch` says. Fast stores need outN = 4: where outK is 4 instead, exchange the operands.
   */
  gemmSamples(
    out: number,
    a: number,
    b: number,
    M: number,
    K: number,
    N: number,
    aM: number,
    aK: number,
    bM: number,
    bN: number,
    outK: number,
    outN: number,
    T: number,
    valid: number,
    scratch: number,
    accumulate: Accumulate,
  ): void;
  /** out[e] = Σ_{t<valid} x[e,t] in a fixed order; other lanes may hold anything. */
  sumSamples(out: number, x: number, E: number, T: number, valid: number, accumulate: Accumulate): void;
  /** [valid][E] → [E][T], the last sample repeated up to T. */
  loadTile(dst: number, src: number, E: number, T: number, valid: number): void;
  /** [E][T] → [valid][E]. */
  storeTile(dst: number, src: number, E: number, T: number, valid: number): void;
  /** dst[e,t] = table[index[t]][e]; the float index is truncated and clamped to the table. */
  gatherTile(dst: number, table: number, index: number, E: number, T: number, rows: number): void;
  /** dst[e] = Σ_lane src[lane][e] as a fixed binary tree over 1, 2, 4 or 8 lanes. */
  reduceLanes(
    dst: number,
    src: number,
    laneStride: number,
    lanes: number,
    fromElement: number,
    toElement: number,
  ): void;
  /** out[i,j] = Σ_k a[i,k]·b[k,j] of shared tensors, for fromI ≤ i < toI. */
  matmulShared(
    out: number,
    a: number,
    b: number,
    I: number,
    J: number,
    K: number,
    aI: number,
    aK: number,
    bK: number,
    bJ: number,
    oI: number,
    oJ: number,
    fromI: number,
    toI: number,
  ): void;
  /** Philox 4×32-10 for 4·blocks elements; lane t is sample min(sample0 + t, lastSample). */
  philox(
    dst: number,
    blocks: number,
    T: number,
    sample0: number,
    lastSample: number,
    step: number,
    stream: number,
    seedLo: number,
    seedHi: number,
    kind: typeof PHILOX_UNIFORM | typeof PHILOX_BOX_MULLER,
  ): void;
  /** Waits until `threads` threads have come; two i32 at `address`, 0 at first. Not on a browser's main thread. */
  barrier(address: number, threads: number, spin: number): void;
}

interface KernelExports extends Kernels {
  isFused(epsilon: number): number;
}

const encoded: Record<KernelVariant, string> = { relaxed: relaxedKernels, simd: simdKernels };

const modules = new Map<KernelVariant, KernelModule>();

/** A module of ours from its bytes. */
export const compileModule = (bytes: Uint8Array<ArrayBuffer>): KernelModule => new WebAssembly.Module(bytes);

export function kernelModule(variant: KernelVariant): KernelModule {
  const known = modules.get(variant);
  if (known) return known;
  const compiled = new WebAssembly.Module(decode(encoded[variant]));
  modules.set(variant, compiled);
  return compiled;
}

/** Relaxed SIMD where this runtime has it and fuses multiply-add, which depends on the CPU; else plain SIMD. */
export function chooseVariant(): KernelVariant {
  if (!WebAssembly.validate(decode(relaxedKernels))) return 'simd';
  const { isFused } = instantiate(kernelModule('relaxed'), createKernelMemory(1)) as KernelExports;
  return isFused(2 ** -13) ? 'relaxed' : 'simd';
}

/** The kernels of a module on a memory: one instance per thread, all on the same memory. */
export function instantiate(module: KernelModule, memory: KernelMemory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** A shared memory that holds at least `bytes` and does not grow. */
export function createKernelMemory(bytes: number): KernelMemory {
  const pages = Math.max(1, Math.ceil(bytes / 65536));
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

export function panelCount(outputs: number): number {
  return Math.ceil(outputs / PANEL);
}

/** Bytes of a packed K × O matrix: panels lie side by side in pairs, the last perhaps alone. */
export function packedBytes(K: number, O: number): number {
  return Math.ceil(panelCount(O) / 2) * K * PANEL * 2 * 4;
}

/** Bytes of scratch that `gemmSamples` needs for its second operand, whatever `valid` is. */
export function gemmSamplesScratch(M: number, N: number, T: number): number {
  // One register block for outputs that cannot be stored as vectors, then the packed panels of eight columns.
  return 192 + Math.ceil(N / 8) * M * T * 32;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
