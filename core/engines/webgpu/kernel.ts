/** One piece of a program's work: what is done for each element, as lines of WGSL. `shaders.ts` makes shaders of it. */

export interface Kernel {
  /** What it does, for people who read shaders. */
  readonly title: string;
  /** Elements that it works on; each by one invocation, or where it works by groups, by a workgroup. */
  readonly count: number;
  /** Each of them for every sample. */
  readonly perSample: boolean;
  /** For element `e`, and sample `s` where there are samples. */
  readonly lines: readonly string[];
  /** What the invocations of a workgroup share, where it works by groups. */
  readonly storage?: string;
}

/** One invocation for each element `e`, of each sample `s` where there are samples. */
export const invocations = (title: string, count: number, perSample: boolean, lines: readonly string[]): Kernel => ({
  title,
  count,
  perSample,
  lines,
});

/** One workgroup for each element `e`; `storage` is what its invocations share. */
export const groups = (title: string, count: number, storage: string, lines: readonly string[]): Kernel => ({
  title,
  count,
  perSample: false,
  lines,
  storage,
});
