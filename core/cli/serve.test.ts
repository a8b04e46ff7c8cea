/** `ergodic serve` as a process: it says where the window is, shows it, and ends when it is told to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { BrowserWindow } from '../host/http/browser.test-support.ts';
import { ergodicFailure } from './ergodic.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ergodic-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Until it has told its address. */
async function serve(...words: string[]) {
  const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
  const child = spawn(process.execPath, [entry, 'serve', '--home', join(folder, 'home'), '--json', ...words], { env });
  const exit = once(child, 'exit');
  let [printed, said] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  while (!printed.includes('\n')) await Promise.race([once(child.stdout, 'data'), exit.then(() => expect.fail(said))]);
  const { url } = JSON.parse(printed) as { url: string };
  const [, name, token] = /^http:\/\/(127\.0\.0\.1:\d+)\/#token=([\w-]{32})$/.exec(url)!;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await exit;
    return { code, printed, said };
  };
  return { name: name!, token: token!, end };
}

test('the window is there and hears the host; Ctrl-C ends it, and the project is free again', async () => {
  const first = await serve();
  const page = await fetch(`http://${first.name}/`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>Ergodic</title>');
  const window = await BrowserWindow.open(first.name, first.token);
  const project = await window.ask('project.create', { name: 'served' });
  expect(existsSync(join(project.folder, '.lock'))).toBe(true);
  const ended = await first.end('SIGINT');
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.printed)).toEqual({ url: expect.any(String) });
  expect(existsSync(join(project.folder, '.lock'))).toBe(false);

  const second = await serve('--project', project.folder);
  expect(second.token).not.toBe(first.token);
  const projects = await fetch(`http://${second.name}/projects`, {
    headers: { Authorization: `Bearer ${second.token}` },
  });
  const { folders } = (await projects.json()) as { folders: { id: string; name: string }[] };
  const again = await BrowserWindow.open(second.name, second.token);
  expect(await again.ask('project.open', { folder: folders[0]!.id })).toMatchObject({ name: 'served' });
  expect((await second.end('SIGTERM')).code).toBe(0);
});

test('a port that is taken, and a home that cannot be, are sentences', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  expect(ergodicFailure('serve', '--home', folder, '--port', `${port}`)).toEqual({
    code: 1,
    sentence: `Port ${port} is in use: choose another one with \`--port\`.`,
  });
  other.close();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(ergodicFailure('serve', '--home', join(file, 'home')).sentence).toContain('is a file, not a folder');
  // Where the system lets nobody make a folder.
  if (process.platform === 'linux') {
    expect(ergodicFailure('serve', '--home', '/proc/ergodic/home').sentence).toContain('/proc/ergodic');
  }
  expect(ergodicFailure('serve', '--project', join(folder, 'not-there'), '--home', folder).sentence).toContain(
    'not-there',
  );
});

test('Ctrl-C in the middle of a training leaves a job that waits to be resumed, and is', async () => {
  const first = await serve();
  const window = await BrowserWindow.open(first.name, first.token);
  const { folder: project } = await window.ask('project.create', { name: 'interrupted' });
  const experts = [{ range: [0, 1], network: { kind: 'mlp', widths: [16] }, steps: 1_000_000, batch: 16 }];
  const draft = { name: 'long', system: { kind: 'double-well-1d', samples: 200 }, experts, threads: 1 };
  const { job } = await window.ask('jobs.add', { kind: 'train', draft });
  await window.until(() => window.heard('training.points').length > 0);
  expect((await first.end('SIGINT')).code).toBe(0);

  const second = await serve('--project', project);
  const again = await BrowserWindow.open(second.name, second.token);
  const { recent } = await again.ask('hello', {});
  await again.ask('project.open', { folder: recent[0]!.folder });
  const { jobs } = await again.ask('jobs.list', {});
  expect(jobs).toEqual([expect.objectContaining({ id: job, state: 'paused' })]);
  await again.ask('jobs.resume', { job });
  await again.jobIn(job, 'running');
  await second.end('SIGINT');
});

test.skipIf(process.platform !== 'linux')(
  '--open tells a browser an address that is worth nothing afterwards',
  async () => {
    const told = join(folder, 'told');
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${told}.new' && mv '${told}.new' '${told}'\n`, {
      mode: 0o755,
    });
    const { name, token, end } = await serve('--open');
    while (!existsSync(told)) await sleep(10);
    const [, pass] = readFileSync(told, 'utf8').trim().split('#once=');
    expect(pass).not.toContain(token);
    const exchange = () => fetch(`http://${name}/openings/${pass}`, { method: 'POST' });
    expect(await (await exchange()).json()).toEqual({ token });
    expect((await exchange()).status).toBe(401);
    await end('SIGINT');
  },
);
