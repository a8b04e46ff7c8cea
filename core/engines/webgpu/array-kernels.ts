/**
 * Shaders between the arrays of a call, which have sample after sample, and the device's own order: inputs on their
 * way in, results on their way out, and state from one step to the next.
 */
import type { ProgramInput, ProgramOutput } from '../../program/program.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { invocations, type Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import { placeText } from './wgsl.ts';

const elementwise = (title: string, { shape, perSample }: Tensor, line: string): Kernel =>
  invocations(title, sizeOf(shape), perSample, [line]);

/** Where an element stands in the array of this number, after so many whole records. */
function place({ shape, perSample }: Tensor, array: number, record: string): string {
  const size = sizeOf(shape);
  const own = perSample ? `(now.first + s) * ${size}u + e` : 'e';
  const length = perSample ? `${size}u * now.all_samples` : `${size}u`;
  return `arrays[bases[${placeText(array)}] + ${record} * ${length} + ${own}]`;
}

/** An input to its place; where every step has its own, that of this step. */
export function inputKernel({ name, tensor, perStep }: ProgramInput, array: number, layout: Layout): Kernel {
  const from = place(tensor, array, perStep ? 'now.index' : '0u');
  return elementwise(`input '${name}'`, tensor, `${layout.element(tensor, 'e')} = ${from};`);
}

export function outputKernel({ name, tensor, when }: ProgramOutput, array: number, layout: Layout): Kernel {
  const record = when === 'end' ? '0u' : when === 'step' ? 'now.index' : 'now.stride_index';
  const to = place(tensor, array, record);
  return elementwise(`output '${name}'`, tensor, `${to} = ${layout.element(tensor, 'e')};`);
}

/** What a state is after the step, to where the next step finds it. */
export function carryKernel({ name, tensor, next }: ProgramInput, layout: Layout): Kernel {
  const from = layout.element(next!, 'e');
  return elementwise(`next '${name}'`, tensor, `${layout.element(tensor, 'e')} = ${from};`);
}
