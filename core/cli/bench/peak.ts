/**
 * The most that one thread can do in 128-bit vectors: multiply-add on registers alone, without a load or a store.
 *
 * Twelve sums that do not wait for one another fill the pipes of every CPU we know and leave registers over.
 * `relaxed` is one fused instruction, `simd` a multiplication and an addition. Not a kernel of the engine.
 */
import { FunctionBody, ModuleBuilder } from '../../engines/wasm/encode.ts';
import { compileModule, createKernelMemory, type KernelVariant } from '../../engines/wasm/kernels.ts';
import { OPCODE } from '../../engines/wasm/lane-code.ts';

const SUMS = 12;
const UNROLLED = 16;
const MULTIPLY = 0xe6;
const ADD = 0xe4;
const RELAXED_MULTIPLY_ADD = 0x105;
const FACTOR_ADDRESS = 0;
const ADDEND_ADDRESS = 4;
const RESULT_ADDRESS = 16;

/** Floating-point operations of one turn of `multiplyAddLoop`. */
export const OPERATIONS_PER_TURN = 2 * 4 * SUMS * UNROLLED;

/** The loop as a function of its number of turns. */
export function multiplyAddLoop(variant: KernelVariant): (turns: number) => void {
  const fn = new FunctionBody(1);
  const loaded = (address: number) => {
    const local = fn.local('v128');
    fn.integer(0).simdMemory(OPCODE.loadSplat, address).set(local);
    return local;
  };
  const factor = loaded(FACTOR_ADDRESS);
  const addend = loaded(ADDEND_ADDRESS);
  const sums = Array.from({ length: SUMS }, () => loaded(ADDEND_ADDRESS));
  fn.countDown(0, () => {
    for (let i = 0; i < UNROLLED; i++) {
      for (const sum of sums) {
        if (variant === 'relaxed') fn.get(factor).get(addend).get(sum).simd(RELAXED_MULTIPLY_ADD).set(sum);
        else fn.get(sum).get(factor).simd(MULTIPLY).get(addend).simd(ADD).set(sum);
      }
    }
  });
  // Unless the sums go somewhere, a compiler may leave them out.
  sums.forEach((sum, i) => {
    fn.integer(RESULT_ADDRESS + 16 * i)
      .get(sum)
      .simdMemory(OPCODE.store, 0);
  });
  const module = new ModuleBuilder([]);
  module.add('run', fn);
  const memory = createKernelMemory(1);
  new Float32Array(memory.buffer).set([0.5, 1e-3]);
  const code = compileModule(module.bytes({ initial: 1, maximum: 1 }));
  const { run } = new WebAssembly.Instance(code, { env: { memory } }).exports as Record<'run', (turns: number) => void>;
  return run;
}
