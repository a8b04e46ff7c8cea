// Every kernel of both variants against plain float64 loops, at odd sizes, all tile sizes and partly filled tiles.
// Each case also checks that nothing was written outside the expected places. Everything but the input is NaN beforehand,
// so reading what one should not shows up as well. Not a test of the interpreter, and not of speed.

import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { at, floats, memory, pick, Stage, Sum, start, words } from './kernels.test-support.ts';
import {
  chooseVariant,
  createKernelMemory,
  gemmSamplesScratch,
  instantiate,
  type Kernels,
  type KernelVariant,
  kernelModule,
  PHILOX_BOX_MULLER,
  PHILOX_UNIFORM,
  packedBytes,
  panelCount,
} from './kernels.ts';

const tileSizes = [4, 8, 16, 32, 64];
const variants: KernelVariant[] = chooseVariant() === 'relaxed' ? ['simd', 'relaxed'] : ['simd'];

/** Random123's kat_vectors for philox4x32-10. */
const knownAnswers = [
  { counter: [0, 0, 0, 0], key: [0, 0], answer: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    answer: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    answer: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as { counter: [number, number, number, number]; key: [number, number]; answer: number[] }[];

describe.each(variants)('%s kernels', (variant) => {
  const kernels = instantiate(kernelModule(variant), memory);

  it('pack lays a matrix out in pairs of panels of six, from either orientation', () => {
    for (const K of [1, 2, 3, 4, 5, 7, 8, 92]) {
      for (const O of [1, 2, 3, 5, 6, 7, 12, 13, 92]) {
        for (const [kStride, oStride] of [
          [O * 4, 4],
          [4, K * 4],
          [O * 8 + 4, 8],
        ] as const) {
          const stage = new Stage();
          const src = stage.input(K * (O * 2 + 1));
          const dst = stage.reserve(packedBytes(K, O) / 4);
          const fromPanel = O > 6 ? 1 : 0;
          for (let panel = fromPanel; panel < panelCount(O); panel++) {
            for (let k = 0; k < K; k++) {
              for (let row = 0; row < 6; row++) {
                const o = panel * 6 + row;
                stage.expect(
                  dst + (((panel >> 1) * K + k) * 12 + (panel % 2) * 6 + row) * 4,
                  o < O ? at(src + k * kStride + o * oStride) : 0,
                  0,
                );
              }
            }
          }
          stage.check(() => kernels.pack(dst, src, K, O, kStride, oStride, fromPanel, panelCount(O)));
        }
      }
    }
  });

  it('gemm multiplies a packed matrix with the columns of a tile', () => {
    let turn = 0;
    for (const K of [1, 2, 3, 4, 5, 7, 8, 16, 92]) {
      for (const O of [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 92, 96]) {
        for (const accumulate of [0, 1] as const) {
          turn++;
          checkGemm(kernels, K, O, pick([1, 2, 3, 5], turn), pick(tileSizes, turn), accumulate, turn % 3 === 0);
        }
      }
    }
    for (const T of [4, 8, 12, 16, 32, 64]) {
      for (const R of [1, 2, 3, 5])
        for (const O of [1, 2, 3, 4, 5, 6, 12, 25]) checkGemm(kernels, 5, O, R, T, 1, false);
    }
  });

  it('gemm gives a sample the same bits in every tile size', () => {
    const [K, O, S] = [37, 29, 64];
    const stage = new Stage();
    const w = stage.input(K * O);
    const x = stage.input(S * K);
    const packed = stage.reserve(packedBytes(K, O) / 4);
    kernels.pack(packed, w, K, O, O * 4, 4, 0, panelCount(O));
    const results = tileSizes.map((T) => {
      const tile = stage.reserve(K * T);
      const out = stage.reserve(O * T);
      const all = stage.reserve(O * S);
      for (let s = 0; s < S; s += T) {
        kernels.loadTile(tile, x + s * K * 4, K, T, T);
        kernels.gemm(out, packed, tile, K, O, 1, T * 4, 0, T * 4, 0, T, T, 0);
        kernels.storeTile(all + s * O * 4, out, O, T, T);
      }
      return words.slice(all / 4, all / 4 + O * S);
    });
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('gemm gives the only sample of a tile the same bits as one of four', () => {
    for (const K of [1, 2, 5, 37]) {
      for (const O of [1, 2, 4, 5, 6, 7, 12, 13, 17, 18, 19, 23, 24, 25, 48, 92]) {
        const stage = new Stage();
        const w = stage.input(K * O);
        const packed = stage.reserve(packedBytes(K, O) / 4);
        kernels.pack(packed, w, K, O, O * 4, 4, 0, panelCount(O));
        const four = stage.input(K * 4);
        const one = stage.reserve(K * 4);
        for (let k = 0; k < K; k++) floats[one / 4 + 4 * k] = floats[four / 4 + 4 * k]!;
        const [outOne, outFour] = [stage.reserve(O * 4), stage.reserve(O * 4)];
        kernels.gemm(outFour, packed, four, K, O, 1, 16, 0, 16, 0, 4, 4, 0);
        for (let o = 0; o < O; o++) {
          for (let lane = 0; lane < 4; lane++)
            stage.expect(outOne + 16 * o + 4 * lane, floats[outFour / 4 + 4 * o]!, 0);
        }
        stage.check(() => kernels.gemm(outOne, packed, one, K, O, 1, 16, 0, 16, 0, 4, 1, 0));
      }
    }
  });

  it('gemmPair multiplies lane by lane', () => {
    let turn = 0;
    const shapes = [
      [5, 5, 64],
      [28, 28, 16],
      [5, 67, 5],
      [6, 1, 1],
      [12, 2, 3],
      [13, 3, 2],
      [7, 4, 92],
    ];
    for (let I = 1; I <= 8; I++) for (const J of [1, 2, 3, 5]) shapes.push([I, J, pick([1, 2, 4, 7], I + J)]);
    for (const [I, J, K] of shapes as [number, number, number][]) {
      for (const accumulate of [0, 1] as const) {
        const T = pick(tileSizes, turn++);
        const stage = new Stage();
        const row = T * 4;
        const a = stage.input(I * K * T);
        const b = stage.input(K * J * T);
        const out = stage.reserve(I * J * T);
        const transposed = turn % 2 === 0;
        const [aI, aK] = transposed ? [row, I * row] : [K * row, row];
        const [bK, bJ] = transposed ? [row, K * row] : [J * row, row];
        const [oI, oJ] = transposed ? [row, I * row] : [J * row, row];
        for (let i = 0; i < I; i++) {
          for (let j = 0; j < J; j++) {
            for (let t = 0; t < T; t++) {
              const to = out + i * oI + j * oJ + t * 4;
              const sum = start(accumulate, to, stage);
              for (let k = 0; k < K; k++) sum.add(at(a + i * aI + k * aK + t * 4) * at(b + k * bK + j * bJ + t * 4));
              stage.expect(to, sum.value, sum.tolerance);
            }
          }
        }
        stage.check(() => kernels.gemmPair(out, a, b, I, J, K, aI, aK, bK, bJ, oI, oJ, T, accumulate));
      }
    }
  });

  it('gemmSamples sums over the valid samples only', () => {
    let turn = 0;
    for (const K of [1, 2, 3, 4, 5, 6, 7, 8, 16, 92]) {
      for (const N of [1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 92, 96]) {
        for (const accumulate of [0, 1] as const) {
          const T = pick(tileSizes, turn++);
          const valid = pick([T, 1, T - 1, (T >> 1) + 1, 2, T - 3], turn);
          checkGemmSamples(kernels, pick([1, 2, 5], turn), K, N, T, valid, accumulate, turn % 3 === 0);
        }
      }
    }
    for (const T of tileSizes) {
      for (let valid = 1; valid <= T; valid++) checkGemmSamples(kernels, 2, 7, 11, T, valid, 1, false);
    }
    checkGemmSamples(kernels, 28, 64, 96, 8, 8, 1, false);
  });

  it('sumSamples ignores lanes that are not valid', () => {
    for (const T of tileSizes) {
      for (const E of [1, 2, 3, 4, 5, 8, 15, 92]) {
        for (const valid of new Set([1, 2, 3, T - 1, T])) {
          for (const accumulate of [0, 1] as const) {
            const stage = new Stage();
            const x = stage.reserve(E * T);
            const out = stage.reserve(E);
            for (let e = 0; e < E; e++) {
              const sum = start(accumulate, out + e * 4, stage);
              for (let t = 0; t < valid; t++) {
                floats[x / 4 + e * T + t] = stage.random();
                sum.add(at(x + (e * T + t) * 4));
              }
              stage.expect(out + e * 4, sum.value, sum.tolerance);
            }
            stage.check(() => kernels.sumSamples(out, x, E, T, valid, accumulate));
          }
        }
      }
    }
  });

  it('loadTile repeats the last sample and storeTile writes valid samples only', () => {
    for (const T of tileSizes) {
      for (const E of [1, 2, 3, 4, 5, 7, 8, 15, 16, 92]) {
        for (const valid of new Set([1, 2, 3, T - 1, T])) {
          const stage = new Stage();
          const src = stage.input(valid * E);
          const tile = stage.reserve(E * T);
          for (let e = 0; e < E; e++) {
            for (let t = 0; t < T; t++)
              stage.expect(tile + (e * T + t) * 4, at(src + (Math.min(t, valid - 1) * E + e) * 4), 0);
          }
          stage.check(() => kernels.loadTile(tile, src, E, T, valid));

          const back = stage.reserve(T * E);
          for (let i = 0; i < valid * E; i++) stage.expect(back + i * 4, at(src + i * 4), 0);
          stage.check(() => kernels.storeTile(back, tile, E, T, valid));
        }
      }
    }
  });

  it('gatherTile truncates and clamps its indices', () => {
    const wanted = [0, 1.9, 4, 5, 1e9, -3, -0.5, Number.NaN, 2, 3, 3.999, Number.POSITIVE_INFINITY];
    const rows = 5;
    for (const T of tileSizes) {
      for (const E of [1, 2, 3, 4, 5, 16, 96]) {
        const stage = new Stage();
        const table = stage.input(rows * E);
        const index = stage.reserve(T);
        const dst = stage.reserve(E * T);
        for (let t = 0; t < T; t++) {
          const value = pick(wanted, t + E);
          floats[index / 4 + t] = value;
          const row = Math.min(Math.max(Math.trunc(value) || 0, 0), rows - 1);
          for (let e = 0; e < E; e++) stage.expect(dst + (e * T + t) * 4, at(table + (row * E + e) * 4), 0);
        }
        stage.check(() => kernels.gatherTile(dst, table, index, E, T, rows));
      }
    }
  });

  it('reduceLanes adds lanes as a binary tree, whatever the split of elements', () => {
    const tree = (values: number[]): number => {
      if (values.length === 1) return values[0]!;
      const half = values.length / 2;
      return Math.fround(tree(values.slice(0, half)) + tree(values.slice(half)));
    };
    for (const lanes of [1, 2, 4, 8]) {
      for (const [from, to] of [
        [0, 92],
        [0, 3],
        [1, 8],
        [5, 5],
        [2, 19],
      ] as const) {
        const stage = new Stage();
        const laneStride = 97 * 4;
        const src = stage.input(lanes * 97);
        const dst = stage.reserve(97);
        for (let e = from; e < to; e++) {
          const values = Array.from({ length: lanes }, (_, lane) => at(src + lane * laneStride + e * 4));
          stage.expect(dst + e * 4, tree(values), 0);
        }
        stage.check(() => kernels.reduceLanes(dst, src, laneStride, lanes, from, to));
      }
    }
  });

  it('matmulShared multiplies with any strides', () => {
    for (const I of [1, 2, 3, 5, 8, 9, 17]) {
      for (const J of [1, 2, 3, 4, 5, 7, 8, 16, 31, 53]) {
        for (const orientation of [0, 1, 2, 3]) {
          const stage = new Stage();
          const K = pick([1, 2, 3, 7, 16, 33], I + J);
          const a = stage.input(I * K);
          const b = stage.input(K * J);
          const out = stage.reserve(I * J);
          const [aI, aK] = orientation & 1 ? [4, I * 4] : [K * 4, 4];
          const [bK, bJ] = orientation === 2 ? [4, K * 4] : [J * 4, 4];
          const [oI, oJ] = orientation === 3 ? [4, I * 4] : [J * 4, 4];
          const [fromI, toI] = I > 2 ? [1, I] : [0, I];
          for (let i = fromI; i < toI; i++) {
            for (let j = 0; j < J; j++) {
              const sum = new Sum();
              for (let k = 0; k < K; k++) sum.add(at(a + i * aI + k * aK) * at(b + k * bK + j * bJ));
              stage.expect(out + i * oI + j * oJ, sum.value, sum.tolerance);
            }
          }
          stage.check(() => kernels.matmulShared(out, a, b, I, J, K, aI, aK, bK, bJ, oI, oJ, fromI, toI));
        }
      }
    }
  });

  it.each(knownAnswers)('philox turns counter $counter into the published words', ({ counter, key, answer }) => {
    expect(philoxWords(counter, key)).toEqual(answer);
    for (const kind of [PHILOX_UNIFORM, PHILOX_BOX_MULLER] as const) {
      const stage = new Stage();
      const dst = stage.reserve(4 * 4);
      const [sample, block, step, stream] = counter;
      // The kernel numbers blocks from 0: a block that is not is reached only in the reference above.
      const words = block === 0 ? answer : philoxWords([sample, 0, step, stream], key);
      for (let w = 0; w < 4; w++) {
        for (let t = 0; t < 4; t++) stage.expect(dst + (w * 4 + t) * 4, toFloat(words[w]!, w, kind), 0);
      }
      stage.check(() => kernels.philox(dst, 1, 4, sample, sample, step, stream, key[0], key[1], kind));
    }
  });

  it('philox numbers samples, blocks and elements, and repeats the last sample', () => {
    for (const T of tileSizes) {
      for (const kind of [PHILOX_UNIFORM, PHILOX_BOX_MULLER] as const) {
        const stage = new Stage();
        const [blocks, sample0, last, step, stream, seedLo, seedHi] = [
          3,
          0xfffffff0 - T,
          0xfffffff0 - 3,
          7,
          9,
          0x89abcdef,
          42,
        ];
        const dst = stage.reserve(blocks * 4 * T);
        for (let t = 0; t < T; t++) {
          for (let block = 0; block < blocks; block++) {
            const drawn = philoxWords([Math.min(sample0 + t, last), block, step, stream], [seedLo, seedHi]);
            for (let w = 0; w < 4; w++)
              stage.expect(dst + ((block * 4 + w) * T + t) * 4, toFloat(drawn[w]!, w, kind), 0);
          }
        }
        stage.check(() => kernels.philox(dst, blocks, T, sample0, last, step, stream, seedLo, seedHi, kind));
      }
    }
  });

  it.each([0, 1000])('barrier lets no thread ahead, spinning %i turns', async (spin) => {
    const [threads, rounds] = [3, 200];
    const shared = createKernelMemory(4096);
    const module = kernelModule(variant);
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { module, shared, threads, rounds, spin } = workerData;
      const { barrier } = new WebAssembly.Instance(module, { env: { memory: shared } }).exports;
      const words = new Int32Array(shared.buffer);
      let wrong = 0;
      for (let round = 1; round <= rounds; round++) {
        Atomics.add(words, 100, 1);
        barrier(256, threads, spin);
        if (Atomics.load(words, 100) !== threads * round) wrong++;
        barrier(256, threads, spin);
      }
      parentPort.postMessage(wrong);`;
    const workerData = { module, shared, threads, rounds, spin };
    const workers = Array.from({ length: threads }, () => new Worker(code, { eval: true, workerData }));
    const answers = workers.map(
      (worker) => new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject)),
    );
    // A broken barrier may keep a thread for ever: it must fail the test, not hang it.
    const stuck = new Promise<number[]>((_resolve, reject) => setTimeout(reject, 4000, new Error('a thread is stuck')));
    const wrong = await Promise.race([Promise.all(answers), stuck]).finally(() => workers.map((w) => w.terminate()));
    expect(wrong).toEqual([0, 0, 0]);
  });
});

function checkGemm(
  kernels: Kernels,
  K: number,
  O: number,
  R: number,
  T: number,
  accumulate: 0 | 1,
  rOuter: boolean,
): void {
  const stage = new Stage();
  const row = T * 4;
  const w = stage.input(K * O);
  const packed = stage.reserve(packedBytes(K, O) / 4);
  kernels.pack(packed, w, K, O, O * 4, 4, 0, panelCount(O));
  const x = stage.input(K * R * T);
  const out = stage.reserve(O * R * T);
  const [oStride, orStride] = rOuter ? [row, O * row] : [R * row, row];
  const [xkStride, xrStride] = rOuter ? [row, K * row] : [R * row, row];
  for (let o = 0; o < O; o++) {
    for (let r = 0; r < R; r++) {
      for (let t = 0; t < T; t++) {
        const to = out + o * oStride + r * orStride + t * 4;
        const sum = start(accumulate, to, stage);
        for (let k = 0; k < K; k++) sum.add(at(w + (k * O + o) * 4) * at(x + k * xkStride + r * xrStride + t * 4));
        stage.expect(to, sum.value, sum.tolerance);
      }
    }
  }
  stage.check(() => kernels.gemm(out, packed, x, K, O, R, oStride, orStride, xkStride, xrStride, T, T, accumulate));
}

function checkGemmSamples(
  kernels: Kernels,
  M: number,
  K: number,
  N: number,
  T: number,
  valid: number,
  accumulate: 0 | 1,
  transposed: boolean,
): void {
  const stage = new Stage();
  const row = T * 4;
  const a = stage.input(M * K * T);
  const b = stage.input(M * N * T);
  for (let i = 0; i < M * N; i++) floats.fill(Number.NaN, b / 4 + i * T + valid, b / 4 + (i + 1) * T);
  const scratch = { address: 0, bytes: gemmSamplesScratch(M, N, T) };
  scratch.address = stage.reserve(scratch.bytes / 4);
  const out = stage.reserve(K * N);
  const [outK, outN] = transposed ? [4, K * 4] : [N * 4, 4];
  const [aM, aK] = transposed ? [row, M * row] : [K * row, row];
  for (let k = 0; k < K; k++) {
    for (let n = 0; n < N; n++) {
      const to = out + k * outK + n * outN;
      const sum = start(accumulate, to, stage);
      for (let m = 0; m < M; m++) {
        for (let t = 0; t < valid; t++) sum.add(at(a + m * aM + k * aK + t * 4) * at(b + (m * N + n) * row + t * 4));
      }
      stage.expect(to, sum.value, sum.tolerance);
    }
  }
  stage.check(
    () =>
      kernels.gemmSamples(out, a, b, M, K, N, aM, aK, N * row, row, outK, outN, T, valid, scratch.address, accumulate),
    scratch,
  );
}

/** What `philox` makes of word w of a block. */
function toFloat(word: number, w: number, kind: number): number {
  if (kind === PHILOX_BOX_MULLER && w % 2 === 0) return Math.fround(Math.fround(word) + 0.5) * 2 ** -32;
  return ((word >>> 9) + 0.5) * 2 ** -23;
}

/** Philox 4×32-10 as in the paper, with exact 64-bit products. */
function philoxWords(counter: readonly number[], key: readonly number[]): number[] {
  let [c0, c1, c2, c3] = counter as [number, number, number, number];
  let [k0, k1] = key as [number, number];
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * BigInt(c0);
    const p1 = 0xcd9e8d57n * BigInt(c2);
    const high = (p: bigint) => Number(p >> 32n);
    const low = (p: bigint) => Number(p & 0xffffffffn);
    [c0, c1, c2, c3] = [(high(p1) ^ c1 ^ k0) >>> 0, low(p1), (high(p0) ^ c3 ^ k1) >>> 0, low(p0)];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}
