/** The results of `ergodic bench` for a person to read. */
import type { Machine } from './machine.ts';
import type { Measurement } from './measurement.ts';

export function benchReport(machine: Machine, results: readonly Measurement[]): string {
  const { processor, cores, memoryGB, platform, node, version, engine, device, threads, load } = machine;
  const rows = results.map(({ name, value, unit, fractionOfPeak }) => [
    name,
    value.toLocaleString('en-US', { maximumSignificantDigits: 3 }),
    unit,
    fractionOfPeak === undefined ? '' : `${(100 * fractionOfPeak).toFixed(0)} % of peak`,
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [
    `${processor}, ${cores} cores, ${memoryGB} GB, ${platform}, Node ${node}, ergodic ${version}`,
    `engine ${engine}: ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}; load before: ${load}`,
    '',
    ...rows.map(([name, value, unit, fraction]) =>
      `${name!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)} ${unit!.padEnd(8)} ${fraction}`.trimEnd(),
    ),
  ].join('\n');
}
