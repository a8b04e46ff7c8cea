/**
 * `auto` where there is a GPU: each program runs where it is faster. A call is a pure function, so that the
 * first one of a program that takes a while can be done again on the CPU and on the GPU, shortened, which changes
 * nothing. The GPU gets a program only if it computes the same numbers and is clearly faster: near a tie a run that is
 * resumed would now be made by the one and now by the other, with other rounding. Not here: whether there is a GPU (registry.ts).
 */
import type { Program } from '../program/program.ts';
import type { Call, Engine, Executable, Results } from './engine.ts';

/** Of the CPU in a trial: long enough that starting a call does not count. */
const TRIAL_SECONDS = 0.1;
/** Times as fast as the CPU. */
const CLEARLY = 1.5;
/** Of a result, root mean square: a step of Adam turns rounding of the smallest gradients into whole steps. */
const AGREEMENT = 1e-2;

export type Say = (sentence: string) => void;

/** `moment`: what takes less on the CPU for a whole call, ms, is not worth a trial. */
export const automaticEngine = (onCpu: Engine, onGpu: Engine, say: Say, moment = 10): Engine => ({
  name: 'auto',
  describe: async () => {
    const [cpu, gpu] = await Promise.all([onCpu.describe(), onGpu.describe()]);
    const device = `${gpu.device}, where it is faster than ${cpu.device}`;
    return { ...cpu, name: 'auto', device, precision: Math.max(cpu.precision, gpu.precision) };
  },
  compile: async (program) => {
    let used = await onCpu.compile(program);
    let isChosen = false;
    return {
      get bytes() {
        return used.bytes ?? 0;
      },
      run: async (call) => {
        const start = performance.now();
        const results = await used.run(call);
        if (!isChosen && performance.now() - start > moment) {
          isChosen = true;
          const { executable, why } = await tried(program, call, used, onGpu);
          used = executable;
          say(why);
        }
        return results;
      },
      dispose: () => used.dispose(),
    };
  },
  dispose: async () => {
    await Promise.all([onCpu.dispose(), onGpu.dispose()]);
  },
});

/** The faster of the two, the other one disposed of, and a sentence. */
async function tried(
  program: Program,
  call: Call,
  onCpu: Executable,
  gpu: Engine,
): Promise<{ executable: Executable; why: string }> {
  const { device } = await gpu.describe();
  const what = `The program "${program.name}" runs on`;
  let other: Executable | undefined;
  const stay = (because: string) => {
    other?.dispose();
    return { executable: onCpu, why: `${what} the CPU: ${because}` };
  };
  const one = shortened(program, call, 1);
  const expected = await onCpu.run(one);
  try {
    other = await gpu.compile(program);
    if (!agree(expected, await other.run(one))) return stay(`${device} computes something else.`);
    const guess = await secondsOf(onCpu, one);
    const steps = Math.max(1, Math.min(call.steps ?? 1, Math.round(TRIAL_SECONDS / guess)));
    const some = shortened(program, call, steps);
    const [here, there] = [await secondsOf(onCpu, some), await secondsOf(other, some)];
    const [thereMs, hereMs] = [milliseconds(there / steps), milliseconds(here / steps)];
    if (here < CLEARLY * there) return stay(`${device} takes ${thereMs} ms a step, the CPU ${hereMs}.`);
    onCpu.dispose();
    return { executable: other, why: `${what} ${device}: ${thereMs} ms a step, ${hereMs} on the CPU.` };
  } catch (error) {
    return stay(`${device} fails at it. ${error instanceof Error ? error.message : String(error)}`);
  }
}

const milliseconds = (seconds: number): string => Number((1000 * seconds).toPrecision(2)).toString();

async function secondsOf(executable: Executable, call: Call): Promise<number> {
  const start = performance.now();
  await executable.run(call);
  return Math.max(1e-6, (performance.now() - start) / 1000);
}

/** The first steps of a call. */
function shortened(program: Program, call: Call, steps: number): Call {
  const before = call.steps ?? 1;
  const perStep = program.inputs.filter(({ perStep }) => perStep).map(({ name }) => name);
  const inputs = Object.entries(call.inputs).map(([name, values]) => [
    name,
    perStep.includes(name) ? Array.prototype.slice.call(values, 0, (values.length / before) * steps) : values,
  ]);
  return { ...call, steps, stride: 1, inputs: Object.fromEntries(inputs) };
}

function agree(expected: Results, found: Results): boolean {
  return Object.entries(expected).every(([name, numbers]) => {
    let [difference, size] = [0, 0];
    for (const [index, number] of numbers.entries()) {
      const other = found[name]?.[index] ?? Number.NaN;
      if (Object.is(number, other)) continue;
      difference += (number - other) ** 2;
    }
    for (const number of numbers) if (Number.isFinite(number)) size += number ** 2;
    return difference <= AGREEMENT ** 2 * size;
  });
}
