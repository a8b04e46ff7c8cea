/** The results of `ergodic bench` for a person to read. */
import type { Machine } from './machine.ts';
import type { Floor, Measurement } from './measurement.ts';

const short = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
const percent = (fraction: number): string => `${short(100 * fraction)} %`;

const floorText = ({ operations, bytes, ms, fraction }: Floor): string =>
  `${percent(fraction)} of the floor, ${short(ms)} ms (${short(operations / 1e6)} MFLOP, ${short(bytes / 1e6)} MB)`;

export function benchReport(machine: Machine, results: readonly Measurement[]): string {
  const { cpu, cores, memoryGB, platform, node, version, engine, device, threads, load } = machine;
  const rows = results.map(({ name, value, unit, fractionOfPeak, floor }) => [
    name,
    short(value),
    unit,
    fractionOfPeak !== undefined ? `${percent(fractionOfPeak)} of peak` : floor ? floorText(floor) : '',
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [
    `${cpu}, ${cores} cores, ${memoryGB} GB, ${platform}, Node ${node}, ergodic ${version}`,
    `engine ${engine}: ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}; load before: ${load}`,
    '',
    ...rows.map(([name, value, unit, fraction]) =>
      `${name!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)} ${unit!.padEnd(8)} ${fraction}`.trimEnd(),
    ),
  ].join('\n');
}
