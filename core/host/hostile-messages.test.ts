/**
 * Thousands of messages that no honest window sends: each that can be answered gets one sentence, nothing changes, no
 * file outside the project is touched, and the host goes on answering.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { uniformSource } from '../systems/toys/gaussian.ts';
import { type FromHost, type RequestName, requests } from './contract.ts';
import type { Host } from './host.ts';
import { channelPair } from './transports/in-process.ts';
import { resources, temporaryHost } from './window.test-support.ts';

const MESSAGES = 6000;

/** Everything below a folder, with its time and its length. */
function stateOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }) as string[];
  return Object.fromEntries(
    names.sort().map((name) => {
      const { mtimeMs, size } = statSync(join(folder, name));
      return [name, `${mtimeMs} ${size}`];
    }),
  );
}

/** A window that says anything, and counts what it hears. */
function rawWindow(host: Host) {
  const [own, far] = channelPair();
  const heard: FromHost[] = [];
  const listeners = new Set<() => void>();
  own.onMessage((message) => {
    heard.push(message as FromHost);
    for (const listener of [...listeners]) listener();
  });
  host.connect(far);
  const until = (found: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!found()) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  return { send: (message: unknown) => own.send(message), heard, until };
}

const names = Object.keys(requests) as RequestName[];

/** Values that are wrong in one way or another, wherever they stand. */
function strangeValues(run: string) {
  const deep = (depth: number): unknown => Array.from({ length: depth }).reduce((inner) => ({ a: inner }), {});
  return [
    undefined,
    null,
    true,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    1e308,
    '',
    'x'.repeat(100_000),
    '../../../../etc/passwd',
    '/etc/passwd',
    '..',
    `${run}/../../project.json`,
    `${run}/..`,
    `${run}\\..\\..`,
    `../runs/${run}`,
    'run\0name',
    'C:\\Windows\\System32',
    '__proto__',
    'constructor',
    'fzzzzzzzzzzzzzzzzzzzzzzz',
    'f0',
    'j0',
    's0',
    'f'.repeat(30),
    [],
    [[]],
    {},
    { __proto__: null, kind: 'run' },
    JSON.parse('{"__proto__": {"polluted": true}}'),
    Array.from({ length: 20_000 }, () => 0),
    new Float32Array(1000),
    new Map([['a', 1]]),
    new Date(0),
    /x/,
    12n,
    deep(300),
  ];
}

test(`${MESSAGES} messages that nobody should send change nothing`, async () => {
  await using at = await temporaryHost();
  mkdirSync(at.in('outside'));
  writeFileSync(at.in('outside/secret.txt'), 'secret');
  const honest = at.window();
  const { folder } = await honest.ask('project.sample', {});
  const { runs } = await honest.ask('runs.list', {});
  const run = runs[0]!.id;
  await honest.ask('project.save', { draft: { name: 'mine' }, view: { stage: 'data' } });
  const project = () => JSON.parse(readFileSync(join(folder, 'project.json'), 'utf8'));
  while (project().draft.name !== 'mine') await new Promise((resolve) => setTimeout(resolve, 20));
  const before = [stateOf(at.home), stateOf(at.in('outside')), stateOf(join(resources, 'alanine-dipeptide'))];
  const { jobs } = await honest.ask('jobs.list', {});

  const { send, heard, until } = rawWindow(at.host);
  const next = uniformSource(11);
  const below = (count: number) => Math.floor((next() / 2 ** 32) * count);
  const strange = strangeValues(run);
  const any = () => strange[below(strange.length)];
  const key = () =>
    ['name', 'run', 'job', 'file', 'files', 'draft', 'kind', 'folder', 'set', 'place', 'body'][below(11)]!;
  const body = (): unknown => {
    if (below(3) === 0) return any();
    return Object.fromEntries(Array.from({ length: 1 + below(4) }, () => [key(), any()]));
  };
  /** Some may be said by an honest window, too: they change what they should, or take their time. */
  const meansSomething = /^(project\..*|jobs\.(add|reorder)|draft\.estimate|data\.surface)$/;
  const isHarmless = (name: RequestName, asked: unknown): boolean =>
    !meansSomething.test(name) || !requests[name].body.safeParse(asked).success;
  const expected = new Set<number>();
  let id = 0;
  for (let sent = 0; sent < MESSAGES; sent++) {
    const name = names[below(names.length)]!;
    const asked = body();
    switch (below(8)) {
      case 0:
        send(any());
        break;
      case 1:
        send({ type: 'request', id: -1, name, body: asked });
        break;
      case 2:
        expected.add(++id);
        send({ type: 'request', id, name: any(), body: asked });
        break;
      case 3:
        send({ type: 'credit', stream: any(), frames: any() });
        break;
      case 4:
        expected.add(++id);
        send({ type: 'request', id, name, body: asked, extra: any() });
        break;
      default:
        if (!isHarmless(name, asked)) break;
        expected.add(++id);
        send({ type: 'request', id, name, body: asked });
    }
    if (sent % 500 === 0) await until(() => heard.length >= expected.size * 0.9);
  }
  await until(() => heard.length >= expected.size);
  const answered = heard.flatMap((message) => ('id' in message ? [message.id] : []));
  expect(answered.sort((a, b) => a - b)).toEqual([...expected]);
  const failures = heard.filter((message) => message.type === 'failure');
  expect(failures.length).toBeGreaterThan(MESSAGES / 2);
  for (const { message } of failures) {
    expect(message).not.toMatch(/etc\/passwd|System32|defect|undefined|invalid_|expected/i);
    expect(message.length).toBeLessThanOrEqual(4000);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();

  expect((await honest.ask('jobs.list', {})).jobs).toEqual(jobs);
  expect((await honest.ask('runs.list', {})).runs).toEqual(runs);
  expect((await honest.ask('hello', {})).project).toMatchObject({ draft: { name: 'mine' }, view: { stage: 'data' } });
  expect([stateOf(at.home), stateOf(at.in('outside')), stateOf(join(resources, 'alanine-dipeptide'))]).toEqual(before);
}, 180_000);

test('names that would lead elsewhere become names of folders', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  for (const name of ['../../evil', 'a/../../b', '..', '.', '.hidden', 'nul\0byte', 'C:\\x', '~', ' / ']) {
    const { folder } = await window.ask('project.create', { name });
    expect(join(folder, '..')).toBe(join(at.home, 'projects'));
  }
  const draft = { name: '../../up/..', system: { kind: 'double-well-1d' } };
  const { job, run } = await window.ask('jobs.add', { kind: 'train', draft });
  expect(run).toMatch(/^\d{8}-\d{6}-[.-]*up[.-]*$/);
  await window.ask('jobs.cancel', { job });
  expect(readdirSync(at.in(''))).toEqual(['home']);
}, 180_000);

test('a message that is nested without end is one that no window sends', async () => {
  await using at = await temporaryHost();
  const answers: FromHost[] = [];
  let say: (message: unknown) => void = () => undefined;
  at.host.connect({
    send: (message) => answers.push(message as FromHost),
    onMessage: (listener) => {
      say = listener;
    },
    onClose: () => undefined,
    close: () => undefined,
  });
  let draft: unknown = {};
  for (let depth = 0; depth < 100_000; depth++) draft = { a: draft };
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  say({ type: 'request', id: 1, name: 'draft.check', body: { draft } });
  say({ type: 'request', id: 2, name: 'draft.check', body: { draft: cyclic } });
  say({ type: 'request', id: 3, name: 'jobs.list', body: {} });
  while (answers.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(answers).toEqual([
    {
      type: 'failure',
      id: 1,
      message: 'The request `draft.check` is not understood: it is no plain data, or nested too deeply.',
    },
    {
      type: 'failure',
      id: 2,
      message: 'The request `draft.check` is not understood: it is no plain data, or nested too deeply.',
    },
    { type: 'failure', id: 3, message: 'No project is open: open one or create one.' },
  ]);
});

test('other windows cannot be spoken for: ids of streams, files and jobs are not guessed', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const secret = at.in('secret.pdb');
  writeFileSync(secret, 'ATOM');
  const [entry] = await at.host.grant([secret]);
  expect(entry!.id).toMatch(/^f[0-9a-z]{15,}$/);
  const near = `${entry!.id.slice(0, -1)}${entry!.id.endsWith('0') ? '1' : '0'}`;
  await expect(window.ask('files.inspect', { files: [near] })).rejects.toThrow(/not open here any more/);
});
