/**
 * The host's process as it is built (dist/host-process.js with the threads beside it), told what the main process tells
 * it. It runs in a worker thread here, whose ports stand for Electron's; everything else is as in the desktop.
 */
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { messagePortChannel, type PortLike } from '../core/host/transports/message-port.ts';
import { resources, TestWindow } from '../core/host/window.test-support.ts';
import { temporaryFolder } from '../core/runs/small-run.test-support.ts';
import type { ToHost } from './host-messages.ts';

const bundle = pathToFileURL('dist/host-process.js');

/** `process.parentPort` and ports as Electron has them: what arrives comes inside an event. */
const asUtilityProcess = `
  const { parentPort } = require('node:worker_threads');
  const wrapped = (port) => ({
    on: (event, listener) => port.on(event, event === 'message' ? (data) => listener({ data }) : listener),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  });
  process.parentPort = {
    on: (event, listener) =>
      parentPort.on(event, ({ data, port }) => listener({ data, ports: port ? [wrapped(port)] : [] })),
    postMessage: (message) => parentPort.postMessage(message),
  };
  import(${JSON.stringify(bundle.href)});
`;

test('the host as it is built opens, shows the sample, computes with its model, and ends', async () => {
  using folder = temporaryFolder();
  const worker = new Worker(asUtilityProcess, { eval: true });
  const tell = (data: ToHost, port?: MessageChannel['port1']) =>
    worker.postMessage({ data, ...(port ? { port } : {}) }, port ? [port] : []);
  const exit = once(worker, 'exit');

  tell({ kind: 'open', options: { shell: 'desktop', version: '0.0.0', home: folder.in('home'), resources } });
  expect((await once(worker, 'message'))[0]).toEqual({ kind: 'ready' });
  const { port1, port2 } = new MessageChannel();
  tell({ kind: 'window' }, port1);
  const window = new TestWindow(messagePortChannel(port2 as unknown as PortLike, false));
  const { engines } = await window.ask('hello', {});
  expect(engines.find(({ name }) => name === 'wasm')).toMatchObject({ available: true });

  await window.ask('project.sample', {});
  const { runs } = await window.ask('runs.list', {});
  const [run] = runs;
  // By a thread of its own: dist/reader-worker.js.
  const { distributions } = await window.ask('runs.results', { run: run!.id });
  expect(distributions.map(({ set }) => set)).toContain('reference');
  // By a thread of its own, with threads of its own: dist/job-worker.js and dist/wasm-worker.js.
  const { job } = await window.ask('jobs.add', { kind: 'sample', run: run!.id, settings: { count: 20, steps: 10 } });
  await window.jobIn(job, 'done');

  tell({ kind: 'close' });
  expect(await exit).toEqual([0]);
});
