/**
 * `auto` where there is a graphics card: each program runs where it is faster. A call is a pure function, so that the
 * first one of a program that takes a while can be done again on the processor and on the card, shortened, which changes
 * nothing. The card gets a program only if it computes the same numbers and is clearly faster: near a tie a run that is
 * resumed would now be made by the one and now by the other, with other rounding. Not here: whether there is a card (registry.ts).
 */
import type { Program } from '../program/program.ts';
import type { Call, Engine, Executable, Results } from './engine.ts';

/** Of the processor in a trial: long enough that starting a call does not count. */
const TRIAL_SECONDS = 0.1;
/** Times as fast as the processor. */
const CLEARLY = 1.5;
/** Of a result, root mean square: a step of Adam turns rounding of the smallest gradients into whole steps. */
const AGREEMENT = 1e-2;

export type Say = (sentence: string) => void;

/** `moment`: what takes less on the processor for a whole call, ms, is not worth a trial. */
export const automaticEngine = (processor: Engine, card: Engine, say: Say, moment = 10): Engine => ({
  name: 'auto',
  describe: async () => {
    const [cpu, gpu] = await Promise.all([processor.describe(), card.describe()]);
    const device = `${gpu.device}, where it is faster than ${cpu.device}`;
    return { ...cpu, name: 'auto', device, precision: Math.max(cpu.precision, gpu.precision) };
  },
  compile: async (program) => {
    let used = await processor.compile(program);
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
          const { executable, why } = await tried(program, call, used, card);
          used = executable;
          say(why);
        }
        return results;
      },
      dispose: () => used.dispose(),
    };
  },
  dispose: async () => {
    await Promise.all([processor.dispose(), card.dispose()]);
  },
});

/** The faster of the two, the other one disposed of, and a sentence. */
async function tried(
  program: Program,
  call: Call,
  processor: Executable,
  card: Engine,
): Promise<{ executable: Executable; why: string }> {
  const { device } = await card.describe();
  const what = `The program "${program.name}" runs on`;
  let other: Executable | undefined;
  const onProcessor = (because: string) => {
    other?.dispose();
    return { executable: processor, why: `${what} the processor: ${because}` };
  };
  const one = shortened(program, call, 1);
  const expected = await processor.run(one);
  try {
    other = await card.compile(program);
    if (!agree(expected, await other.run(one))) return onProcessor(`${device} computes something else.`);
    const guess = await secondsOf(processor, one);
    const steps = Math.max(1, Math.min(call.steps ?? 1, Math.round(TRIAL_SECONDS / guess)));
    const some = shortened(program, call, steps);
    const [here, there] = [await secondsOf(processor, some), await secondsOf(other, some)];
    const [thereMs, hereMs] = [milliseconds(there / steps), milliseconds(here / steps)];
    if (here < CLEARLY * there) return onProcessor(`${device} takes ${thereMs} ms a step, the processor ${hereMs}.`);
    processor.dispose();
    return { executable: other, why: `${what} ${device}: ${thereMs} ms a step, ${hereMs} on the processor.` };
  } catch (error) {
    return onProcessor(`${device} fails at it. ${error instanceof Error ? error.message : String(error)}`);
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
    for (const [place, number] of numbers.entries()) {
      const other = found[name]?.[place] ?? Number.NaN;
      if (Object.is(number, other)) continue;
      difference += (number - other) ** 2;
    }
    for (const number of numbers) if (Number.isFinite(number)) size += number ** 2;
    return difference <= AGREEMENT ** 2 * size;
  });
}
