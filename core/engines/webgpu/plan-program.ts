/** From a program to what a device needs of it: shaders in the order in which a step runs them. */
import { fuse, outputsOf, type Unit } from '../../program/passes/fuse.ts';
import { optimise } from '../../program/passes/optimise.ts';
import type { Program } from '../../program/program.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { carryKernel, inputKernel, outputKernel } from './array-kernels.ts';
import type { DeviceProgram, Records, Shader } from './device-program.ts';
import { concatKernels, copyKernel, drawKernel, gatherKernel, mapKernel, reduceKernel } from './element-kernels.ts';
import type { Kernel } from './kernel.ts';
import { Layout } from './layout.ts';
import { accumulateKernel, productKernel } from './product-kernels.ts';
import { RESIDENT, residentShader, shadersFor } from './shaders.ts';

/** At most so many samples share a workgroup, where they are small. */
const MOST_TOGETHER = 8;

export function deviceProgram(program: Program): DeviceProgram {
  const plan = fuse(optimise(program));
  const { units, accumulators } = plan;
  const { inputs, outputs } = plan.program;
  const samplesMeet = accumulators.length > 0;
  const isResident = !samplesMeet && inputs.some(({ perSample }) => perSample);
  const layout = new Layout(plan, isResident);
  const together = Math.max(1, Math.min(MOST_TOGETHER, Math.floor(RESIDENT / widest(units.tile))));
  const side = isResident ? RESIDENT / together : 1;
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
  const shared = (work: readonly Kernel[]) => shadersFor(work.filter(({ perSample }) => !perSample));
  const own = (work: readonly Kernel[]) => work.filter(({ perSample }) => perSample);
  const mine = { step: [...load(true, true), ...kernels(units.tile)], records: each(records, own), carry: own(carry) };
  const betweenSamples = {
    step: shadersFor([...load(true, false), ...kernels(units.step)]),
    post: shadersFor(kernels(units.post)),
    records: each(records, shared),
    carry: shared(carry),
  };
  const { step, post, carry: carried, records: recorded } = betweenSamples;
  const samplesAlone = [step, post, carried, ...Object.values(recorded)].every(({ length }) => length === 0);
  const ofSamples = isResident
    ? { step: [residentShader(program.name, mine, together)], records: NOTHING, carry: [] }
    : { step: shadersFor(mine.step), records: each(mine.records, shadersFor), carry: shadersFor(mine.carry) };
  return {
    name: program.name,
    inputs: inputs.map(({ name, tensor, perSample, perStep, next }) => ({
      ...{ name, size: sizeOf(tensor.shape), perSample, perStep, isState: next !== undefined },
      at: perSample || perStep ? undefined : layout.placeOf(tensor),
    })),
    outputs: outputs.map(({ name, tensor, when }) => ({
      ...{ name, size: sizeOf(tensor.shape), perSample: tensor.perSample, when },
    })),
    shared: layout.shared,
    perSample: layout.perSample,
    constants: layout.constants,
    call: shadersFor(kernels(units.call)),
    ...betweenSamples,
    ofSamples: { load: shadersFor(load(false, true)), ...ofSamples },
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

/** Numbers of the largest tensor that samples compute. */
const widest = (units: readonly Unit[]): number =>
  Math.max(1, ...units.flatMap((unit) => outputsOf(unit).map(({ shape }) => sizeOf(shape))));

/** `side`: invocations that work on one sample side by side. */
function kernelsOfUnit(unit: Unit, begun: Set<Tensor>, layout: Layout, side: number): Kernel[] {
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
          return [productKernel(unit.target, layout, unit.target.perSample ? side : 1)];
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
  const { call, step, post, records, carry, ofSamples } = deviceProgram(program);
  const parts = {
    call,
    'samples loaded': ofSamples.load,
    step,
    'step of samples': ofSamples.step,
    'after all samples': post,
    'record of a step': [...ofSamples.records.step, ...records.step],
    'record of a stride': [...ofSamples.records.stride, ...records.stride],
    result: [...ofSamples.records.end, ...records.end],
    'next step': [...ofSamples.carry, ...carry],
  };
  return Object.entries(parts)
    .flatMap(([name, shaders]) => shaders.map(({ code }, i) => `// ${program.name}, ${name} ${i + 1}\n${code}`))
    .join('\n');
}
