/** One shader of a program and how many invocations or workgroups it wants. */
export interface Kernel {
  /** What it does, for people who read shaders. */
  readonly title: string;
  readonly code: string;
  /** Elements that it works on; each by one invocation, or where it works by groups, by a workgroup. */
  readonly count: number;
  /** Each of them for every sample. */
  readonly perSample: boolean;
  readonly byGroups: boolean;
}
