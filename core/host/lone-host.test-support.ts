/**
 * For tests only: a host in a process of its own, to be killed. Begins a run from the draft that it is given and prints
 * a line for every change of its jobs and every new point of its curves.
 */
import type { Draft } from './contract.ts';
import { Host } from './host.ts';
import { resources, TestWindow } from './window.test-support.ts';

const [home, draft] = process.argv.slice(2) as [string, string];
const host = await Host.open({ shell: 'browser', version: '0.0.0', home, resources });
const window = new TestWindow(host);
const { folder } = await window.ask('project.create', { name: 'killed' });
const waiting: Draft = { ...JSON.parse(draft), name: 'waiting' };
const { run } = await window.ask('jobs.add', { kind: 'run', draft: JSON.parse(draft) });
await window.ask('jobs.add', { kind: 'train', draft: waiting });
console.log(JSON.stringify({ folder, run }));
let told = 0;
await window.until(() => {
  for (; told < window.told.length; told++) console.log(window.told[told]!.name);
  return false;
});
