/** From a program to what a device needs of it: shaders in the order in which a step runs them. */
import { finishProducts } from '../../program/passes/finish-products.ts';
import { fuse, type Plan, type Unit } from '../../program/passes/fuse.ts';
import { optimise } from '../../program/passes/optimise.ts';
import type { Program } from '../../program/program.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { carryKernel, inputKernel, outputKernel } from './array-kernels.ts';
import { type DeviceProgram, partsOf, type Records, type Shader } from './device-program.ts';
import { concatKernels, copyKernel, drawKernel, gatherKernel, mapKernel, reduceKernels } from './element-kernels.ts';
import type { Kernel } from './kernel.ts';
import { Layout } from './layout.ts';
import { mayReside, type Placement, samplesTogether } from './placement.ts';
import { productKernel } from './product-kernels.ts';
import { accumulateKernels } from './sample-sums.ts';
import { LANES, residentShader, shadersFor } from './shaders.ts';

/**
 * Operations: what finishes a product is written out for each number of its block, and drivers take long over long
 * shaders.
 */
const LONGEST_FINISH = 4;

/** Invocations for a product of one sample, where there are few: enough to keep the whole GPU busy. */
const ENOUGH = 2048;

export const devicePlan = (program: Program): Plan => finishProducts(fuse(optimise(program)), LONGEST_FINISH);

/** `lanes`: invocations of a workgroup that has samples to itself. */
export function deviceProgram(plan: Plan, placement: Placement, lanes: number = LANES.gpu): DeviceProgram {
  const { units, accumulators } = plan;
  const { name, inputs, outputs } = plan.program;
  const samplesMeet = accumulators.length > 0;
  const isResident = placement === 'resident' && mayReside(plan);
  const layout = new Layout(plan, isResident);
  const together = samplesTogether(plan, lanes);
  const side = isResident ? lanes / together : placement === 'few' ? ENOUGH : 1;
  const shaders = (work: readonly Kernel[]) => shadersFor(work, lanes);
  const begun = new Set<Tensor>();
  const kernels = (from: readonly Unit[]) => from.flatMap((unit) => kernelsOfUnit(unit, begun, layout, side));
  const load = (perStep: boolean, perSample: boolean) =>
    inputs.flatMap((spec, array) =>
      spec.perStep === perStep && spec.perSample === perSample ? [inputKernel(spec, array, layout)] : [],
    );
  const record = (wanted: 'step' | 'stride' | 'end') =>
    outputs.flatMap((output, i) => (output.when === wanted ? [outputKernel(output, inputs.length + i, layout)] : []));
  const states = inputs.filter(({ next }) => next !== undefined);
  const finals = states.map(({ name, next }, i) =>
    outputKernel({ name, tensor: next!, when: 'end' }, inputs.length + outputs.length + i, layout),
  );
  const records = { step: record('step'), stride: record('stride'), end: [...record('end'), ...finals] };
  const carry = states.map((spec) => carryKernel(spec, layout));
  const shared = (work: readonly Kernel[]) => shaders(work.filter(({ span }) => span === 0));
  const own = (work: readonly Kernel[]) => work.filter(({ span }) => span > 0);
  const call = shaders(kernels(units.call));
  const mine = { step: [...load(true, true), ...kernels(units.tile)], records: each(records, own), carry: own(carry) };
  const betweenSamples = {
    step: shaders([...load(true, false), ...kernels(units.step)]),
    post: shaders(kernels(units.post)),
    records: each(records, shared),
    carry: shared(carry),
  };
  const { step, post, carry: carried, records: recorded } = betweenSamples;
  const samplesAlone = [step, post, carried, ...Object.values(recorded)].every(({ length }) => length === 0);
  const ofSamples = isResident
    ? { step: [residentShader(name, mine, together, lanes)], records: NOTHING, carry: [] }
    : { step: shaders(mine.step), records: each(mine.records, shaders), carry: shaders(mine.carry) };
  return {
    name,
    inputs: inputs.map(({ name, tensor, perSample, perStep, next }) => ({
      ...{ name, size: sizeOf(tensor.shape), perSample, perStep, isState: next !== undefined },
      at: perSample || perStep ? undefined : layout.placeOf(tensor),
    })),
    outputs: outputs.map(({ name, tensor, when }) => ({
      ...{ name, size: sizeOf(tensor.shape), perSample: tensor.perSample, when },
    })),
    // What all these shaders need for a moment is known by now.
    shared: layout.shared,
    perSample: layout.perSample,
    constants: layout.constants,
    call,
    ...betweenSamples,
    ofSamples: { load: shaders(load(false, true)), ...ofSamples },
    samplesMeet,
    loops: isResident && samplesAlone,
  };
}

const NOTHING: Records<readonly Shader[]> = { step: [], stride: [], end: [] };

const each = <T, R>({ step, stride, end }: Records<T>, of: (work: T) => R): Records<R> => ({
  step: of(step),
  stride: of(stride),
  end: of(end),
});

/** `side`: invocations that work on one sample side by side. */
function kernelsOfUnit(unit: Unit, begun: Set<Tensor>, layout: Layout, side: number): Kernel[] {
  switch (unit.kind) {
    case 'map':
      return [mapKernel(unit, layout)];
    case 'reduce':
      return reduceKernels(unit, layout);
    case 'copy':
      return [copyKernel(unit.target, layout)];
    case 'accumulate': {
      const first = !begun.has(unit.target);
      begun.add(unit.target);
      return accumulateKernels(unit, first, layout);
    }
    case 'op':
      switch (unit.target.primitive) {
        case 'matmul':
          return [productKernel(unit, layout, unit.target.perSample ? side : 1)];
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
export function printShaders(program: Program, placement: Placement = 'resident'): string {
  return Object.entries(partsOf(deviceProgram(devicePlan(program), placement)))
    .flatMap(([name, shaders]) =>
      shaders.map(({ title, code, places }, i) => {
        const told = places.length > 0 ? `\n// places: ${places.join(', ')}` : '';
        return `// ${program.name}, ${name} ${i + 1}\n// ${title}${told}\n${code}`;
      }),
    )
    .join('\n');
}
