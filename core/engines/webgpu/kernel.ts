/** One shader of a program, and how much work there is for it. */
import { eachGroup, eachInvocation, shader } from './wgsl.ts';

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

/** One invocation for each element `e`, of each sample `s` where there are samples. */
export function invocations(title: string, count: number, perSample: boolean, lines: readonly string[]): Kernel {
  const begin = perSample ? ['let s = index % now.samples;', 'let e = index / now.samples;'] : ['let e = index;'];
  const total = perSample ? `${count}u * now.samples` : `${count}u`;
  return { title, code: shader(title, eachInvocation(total, [...begin, ...lines])), count, perSample, byGroups: false };
}

/** One workgroup for each element `e`; `storage` is what its invocations share. */
export function groups(title: string, count: number, storage: string, lines: readonly string[]): Kernel {
  const code = shader(title, eachGroup(count, storage, ['let e = group;', ...lines]));
  return { title, code, count, perSample: false, byGroups: true };
}
