/**
 * `ergodic info`: the version, every engine with its device or the reason it is unavailable, and what can be learned
 * with: the methods and the networks.
 */
import { describeAll } from '../../engines/registry.ts';
import { methods } from '../../methods/methods.ts';
import type { SystemClass } from '../../models/network.ts';
import { networkKinds, networkOf } from '../../models/networks.ts';
import { noGpu } from '../../runs/engine-session.ts';
import type { CommandResult } from '../context.ts';
import { version } from '../version.ts';

export async function run(): Promise<CommandResult> {
  const why = noGpu();
  const engines = await describeAll({ gpus: why === undefined }, why);
  const lines = engines.map(({ name, available, device, threads, reason }) => {
    const state = available ? `${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : 'unavailable';
    return [name, [state, ...(reason ? [reason] : [])].join('; ')] as const;
  });
  const methodList = Object.entries(methods).map(([name, { title }]) => ({ name, title }));
  const networks = networkKinds.map((kind) => {
    const { title, serves } = networkOf({ kind });
    return { kind, title, serves };
  });
  return {
    json: {
      version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      engines,
      methods: methodList,
      networks,
    },
    text: [
      `ergodic ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
      'Engines:',
      ...listed(lines),
      'Methods:',
      ...listed(methodList.map(({ name, title }) => [name, title])),
      'Networks:',
      ...listed(networks.map(({ kind, title, serves }) => [kind, `${title}, for ${inWords(serves)}`])),
    ].join('\n'),
  };
}

function listed(rows: readonly (readonly [name: string, words: string])[]): string[] {
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, words]) => `  ${name.padEnd(widest)}  ${words}`);
}

const classes: Readonly<Record<SystemClass, string>> = { toy: 'toy systems', molecule: 'molecules' };
const inWords = (serves: readonly SystemClass[]): string => serves.map((each) => classes[each]).join(' and ');
