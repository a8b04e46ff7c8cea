/** The shaders of a whole program, in the order in which a step runs them. */
import { fuse, type Plan, type Unit } from '../../program/passes/fuse.ts';
import { optimise } from '../../program/passes/optimise.ts';
import type { Program } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import { carryKernel, inputKernel, outputKernel } from './array-kernels.ts';
import { concatKernels, copyKernel, drawKernel, gatherKernel, mapKernel, reduceKernel } from './element-kernels.ts';
import type { Kernel } from './kernel.ts';
import { Layout } from './layout.ts';
import { accumulateKernel, productKernel } from './product-kernels.ts';

export interface ProgramKernels {
  readonly plan: Plan;
  readonly layout: Layout;
  /** Once for each call. */
  readonly call: readonly Kernel[];
  readonly step: readonly Kernel[];
  /** After a step, where its records are wanted. */
  readonly records: Readonly<Record<'step' | 'stride' | 'end', readonly Kernel[]>>;
  /** From one step to the next. */
  readonly carry: readonly Kernel[];
}

export function kernelsOf(program: Program): ProgramKernels {
  const plan = fuse(optimise(program));
  const layout = new Layout(plan);
  const { inputs, outputs } = plan.program;
  const begun = new Set<Tensor>();
  const kernels = (units: readonly Unit[]) => units.flatMap((unit) => kernelsOfUnit(unit, begun, layout));
  const load = (perStep: boolean) =>
    inputs.flatMap((spec, array) =>
      spec.perStep === perStep && (spec.perSample || perStep) ? [inputKernel(spec, array, layout)] : [],
    );
  const record = (wanted: 'step' | 'stride' | 'end') =>
    outputs.flatMap((output, i) => (output.when === wanted ? [outputKernel(output, inputs.length + i, layout)] : []));
  const states = inputs.filter(({ next }) => next !== undefined);
  const finals = states.map(({ name, next }, i) =>
    outputKernel({ name, tensor: next!, when: 'end' }, inputs.length + outputs.length + i, layout),
  );
  return {
    plan,
    layout,
    call: [...load(false), ...kernels(plan.units.call)],
    step: [...load(true), ...kernels(plan.units.step), ...kernels(plan.units.tile), ...kernels(plan.units.post)],
    records: { step: record('step'), stride: record('stride'), end: [...record('end'), ...finals] },
    carry: states.map((spec) => carryKernel(spec, layout)),
  };
}

function kernelsOfUnit(unit: Unit, begun: Set<Tensor>, layout: Layout): Kernel[] {
  switch (unit.kind) {
    case 'map':
      return [mapKernel(unit, layout)];
    case 'reduce':
      return [reduceKernel(unit, layout)];
    case 'copy':
      return [copyKernel(unit.target, layout)];
    case 'accumulate': {
      const first = !begun.has(unit.target);
      begun.add(unit.target);
      return [accumulateKernel(unit, first, layout)];
    }
    case 'op':
      switch (unit.target.primitive) {
        case 'matmul':
          return [productKernel(unit.target, layout)];
        case 'concat':
          return concatKernels(unit.target, layout);
        case 'gather':
          return [gatherKernel(unit.target, layout)];
        case 'uniform':
        case 'normal':
          return [drawKernel(unit.target, layout)];
        default:
          throw new Error(`The webgpu engine cannot compute '${unit.target.primitive}'.`);
      }
  }
}

/** All shaders of a program as text, for a reader who wants to see what a device is given. */
export function printShaders(program: Program): string {
  const { call, step, records, carry } = kernelsOf(program);
  const parts = { call, step, 'record of a step': records.step, 'record of a stride': records.stride };
  return Object.entries({ ...parts, result: records.end, 'next step': carry })
    .flatMap(([name, kernels]) => kernels.map(({ code }, i) => `// ${program.name}, ${name} ${i + 1}\n${code}`))
    .join('\n');
}
