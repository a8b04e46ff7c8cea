/**
 * Measures the window on this machine: `npx node e2e/measure.ts [NAME…]` prints one JSON object with every measurement
 * that does not take long, or those that are named, and what the machine is. Nothing is judged here, and for numbers
 * worth keeping nothing else should run. Builds first, unless ERGODIC_BUILT says that it is done.
 */
import { cpus, loadavg } from 'node:os';
import { hourLongStream } from './measurements/hour-long-stream.ts';
import { liveStream } from './measurements/live-stream.ts';
import { typingUnderLoad } from './measurements/typing-under-load.ts';
import { firstPaint, stageSwitch } from './measurements/window-times.ts';
import setUp from './set-up.ts';

const measurements: Record<string, () => Promise<unknown>> = {
  firstPaint,
  stageSwitch,
  typingUnderLoad,
  liveStream,
  hourLongStream,
};
/** By name only: nobody waits for it by chance. */
const LONG = ['hourLongStream'];

const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(measurements, name));
if (unknown !== undefined) {
  console.error(`There is no measurement \`${unknown}\`: they are ${Object.keys(measurements).join(', ')}.`);
  process.exit(2);
}
setUp();
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, load: loadavg()[0] };
const found: Record<string, unknown> = { machine };
for (const [name, measure] of Object.entries(measurements)) {
  if (names.length > 0 ? !names.includes(name) : LONG.includes(name)) continue;
  console.error(`${name} …`);
  found[name] = await measure();
}
console.log(JSON.stringify(found, null, 2));
