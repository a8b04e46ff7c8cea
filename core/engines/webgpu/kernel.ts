/** One piece of a program's work: what is done for each element, as lines of WGSL. `shaders.ts` makes shaders of it. */

export interface Kernel {
  /** What it does, for people who read shaders. */
  readonly title: string;
  /** Elements that it works on, each by one invocation. */
  readonly count: number;
  /** Each of them for so many samples at once, `s` and others that are `apart` from one to the next; 0 where all share. */
  readonly span: number;
  /** For element `e`. */
  readonly lines: readonly string[];
}

export const invocations = (title: string, count: number, perSample: boolean, lines: readonly string[]): Kernel => ({
  title,
  count,
  span: perSample ? 1 : 0,
  lines,
});
