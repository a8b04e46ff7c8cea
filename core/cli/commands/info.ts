/**
 * `ergodic info`: the version, and every engine with its device or the reason it is unavailable.
 */
import { describeAll } from '../../engines/registry.ts';
import { noGpu } from '../../runs/engine-session.ts';
import type { CommandResult } from '../context.ts';
import { version } from '../version.ts';

export async function run(): Promise<CommandResult> {
  const why = noGpu();
  const engines = await describeAll({ gpus: why === undefined }, why);
  const widest = Math.max(...engines.map(({ name }) => name.length));
  const lines = engines.map(({ name, available, device, threads, reason }) => {
    const state = available ? `${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : 'unavailable';
    return `  ${name.padEnd(widest)}  ${[state, ...(reason ? [reason] : [])].join('; ')}`;
  });
  return {
    json: { version, node: process.versions.node, platform: `${process.platform} ${process.arch}`, engines },
    text: [
      `ergodic ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
      'Engines:',
      ...lines,
    ].join('\n'),
  };
}
