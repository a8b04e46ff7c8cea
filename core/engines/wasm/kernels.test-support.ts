import { createKernelMemory } from './kernels.ts';

export const memory = createKernelMemory(16 << 20);
export const floats = new Float32Array(memory.buffer);
export const words = new Uint32Array(memory.buffer);

/** Numbers of a case, in order of request; the same in every run. */
export class Stage {
  private used = 64;
  private state = 12345;
  private readonly expected = new Map<number, { value: number; tolerance: number }>();

  /** Room for `count` floats, all NaN. */
  reserve(count: number): number {
    const address = this.used * 4;
    floats.fill(Number.NaN, this.used, this.used + count + 16);
    this.used += count + 16;
    return address;
  }

  random(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.fround(this.state / 2 ** 31 - 1);
  }

  input(count: number): number {
    const address = this.reserve(count);
    for (let i = 0; i < count; i++) floats[address / 4 + i] = this.random();
    return address;
  }

  expect(address: number, value: number, tolerance: number): void {
    this.expected.set(address / 4, { value, tolerance });
  }

  /** Runs the kernel, then compares all memory of this case: expected values, and no other change. */
  check(run: () => void, scratch?: { address: number; bytes: number }): void {
    const before = words.slice(0, this.used);
    run();
    for (let i = 0; i < this.used; i++) {
      const want = this.expected.get(i);
      if (want) {
        const error = Math.abs(floats[i]! - want.value);
        if (!(error <= want.tolerance)) throw new Error(`float ${i} is ${floats[i]}, not ${want.value}`);
      } else if (
        words[i] !== before[i] &&
        !(scratch && i * 4 >= scratch.address && i * 4 < scratch.address + scratch.bytes)
      ) {
        throw new Error(`float ${i} was overwritten with ${floats[i]}`);
      }
    }
  }
}

export const at = (address: number): number => floats[address / 4]!;

/** A sum in float64 and the most that float32 may be off: half an ulp of the running size per term, and a margin. */
export class Sum {
  value = 0;
  private size = 0;
  private terms = 0;

  add(term: number): void {
    this.value += term;
    this.size += Math.abs(term);
    this.terms++;
  }

  get tolerance(): number {
    return (this.terms + 2) * this.size * 2 ** -24 + 1e-30;
  }
}

/** Adds what an output held before, if the kernel is to accumulate; the output itself is then an input. */
export function start(accumulate: 0 | 1, address: number, stage: Stage): Sum {
  const sum = new Sum();
  if (accumulate) {
    floats[address / 4] = stage.random();
    sum.add(at(address));
  }
  return sum;
}

export function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length]!;
}
