/** The browser shell as browsers, and those who are none, meet it: real sockets, a real host. */
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeMessage } from '../transports/message-codec.ts';
import { BrowserWindow, ServedHost } from './browser.test-support.ts';
import { HostServer } from './server.ts';

let served: ServedHost;
beforeAll(async () => {
  served = await ServedHost.open({ patience: { idle: 1500, headers: 600 } });
});
afterAll(() => served[Symbol.asyncDispose]());

const refusal = (text: string) => {
  const { error } = JSON.parse(text) as { error: string };
  expect(error).toMatch(/^[^\n]+[.]$/);
  return error;
};

/** A run of a second. */
const tinyRun = {
  name: 'tiny',
  system: { kind: 'double-well-1d', samples: 200 },
  experts: [{ range: [0, 1], network: { kind: 'mlp', widths: [8] }, steps: 20, batch: 16, conservative: true }],
  sample: { count: 50, steps: 10 },
  simulate: { replicas: 4, steps: 100, stride: 2, equilibration: 0 },
  evaluate: { residualPoints: 3 },
};

const closed = (socket: Socket) =>
  new Promise<void>((resolve) => socket.on('error', () => undefined).on('close', () => resolve()));

/** Until nothing is left there; a test that waits in vain fails. */
async function emptied(folder: string): Promise<void> {
  while (readdirSync(folder).length > 0) await sleep(5);
}

describe('the page', () => {
  test('comes without a token, with every header that keeps it to itself', async () => {
    const { status, headers, text } = await served.ask('GET', '/');
    expect(status).toBe(200);
    expect(text).toContain('the page');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = headers['content-security-policy'] as string;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' blob: ws://${served.name};`);
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe/);
  });

  test('and what belongs to it, which may be kept', async () => {
    const { status, headers } = await served.ask('GET', '/assets/window-1a2b.js');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toContain('immutable');
  });

  test.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/..%2fsecret.json',
    '/%2e%2e/secret.json',
    '/assets/..%5c..%5csecret.json',
    '//etc/passwd',
    '/etc/passwd',
    '/assets',
    '/assets/',
    '/assets/.hidden',
    '/index.html%00.js',
    '/./index.html/',
    '/__proto__',
    '/constructor',
  ])('nothing else: %s', async (path) => {
    const { status, text } = await served.ask('GET', path);
    expect(status).toBe(404);
    refusal(text);
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s means nothing', async (method) => {
    const { status } = await served.ask(method, '/', served.authorisation);
    expect(status).toBe(405);
  });
});

describe('who may speak', () => {
  test.each([
    ['a foreign name that points here', { Host: 'evil.example:80' }],
    ['a name that begins like ours', { Host: '127.0.0.1.evil.example' }],
    ['a name that ends like ours', { Host: 'evil.localhost' }],
    ['all interfaces', { Host: '0.0.0.0:8000' }],
    ['a page of another site', { Origin: 'https://evil.example' }],
    ['a page of another port', { Origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { Origin: 'null' }],
    ['a page over another protocol', { Origin: 'https://127.0.0.1' }],
  ])('refused, with the token: %s', async (_, headers: Record<string, string>) => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/projects'],
      ['POST', '/files?name=a&drop=b'],
    ] as const) {
      const { status, headers: answered } = await served.ask(method, path, { ...served.authorisation, ...headers });
      expect(status).toBe(403);
      expect(answered).not.toHaveProperty('access-control-allow-origin');
    }
    await expect(
      BrowserWindow.open(served.name, served.token, { Origin: `http://${served.name}`, ...headers }),
    ).rejects.toThrow('403');
  });

  test('the near end of a tunnel is let in, under its own port', async () => {
    const { status } = await served.ask('GET', '/projects', {
      ...served.authorisation,
      Host: 'localhost:9999',
      Origin: 'http://localhost:9999',
    });
    expect(status).toBe(200);
  });

  test.each([
    ['none', {}],
    ['another', { Authorization: `Bearer ${'A'.repeat(32)}` }],
    ['half of it', { Authorization: 'Bearer ' }],
    ['in a cookie', { Cookie: 'token=x' }],
    ['as a password', { Authorization: 'Basic eDp5' }],
  ])('every address that does or tells something wants the token: %s', async (_, headers: Record<string, string>) => {
    for (const [method, path] of [
      ['GET', '/projects'],
      ['POST', '/files?name=a.pdb&drop=refused'],
      ['POST', '/downloads/f1'],
      ['POST', '/anything'],
    ] as const) {
      const { status, text } = await served.ask(method, path, headers, method === 'POST' ? 'ATOM' : undefined);
      expect(status).toBe(401);
      refusal(text);
    }
    expect(existsSync(join(served.home, 'received', 'refused'))).toBe(false);
  });

  test.each([
    ['no token', ['ergodic.1']],
    ['a wrong token', ['ergodic.1', 'ergodic.token.abc']],
    ['no protocol', []],
    ['no origin', ['ergodic.1', 'TOKEN'], false],
  ])('no window without both: %s', async (_, protocols: string[], fromPage = true) => {
    const socket = new WebSocket(
      `ws://${served.name}/channel`,
      protocols.map((each) => each.replace('TOKEN', `ergodic.token.${served.token}`)),
      { headers: fromPage ? { Origin: `http://${served.name}` } : {} },
    );
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('403');
  });

  test('the token is not repeated in the answer', async () => {
    const window = await served.window();
    expect(window.socket.protocol).toBe('ergodic.1');
    window.socket.terminate();
  });

  test('an address for a browser that we start is good once', async () => {
    const pass = served.server.passingUrl().split('#once=')[1]!;
    expect(served.server.passingUrl()).not.toContain(served.token);
    const first = await served.ask('POST', `/openings/${pass}`);
    expect(JSON.parse(first.text)).toEqual({ token: served.token });
    const second = await served.ask('POST', `/openings/${pass}`);
    expect(second.status).toBe(401);
    expect(refusal(second.text)).toContain('only once');
  });
});

describe('files', () => {
  test('what is dropped lies in the home, whole, and is known to the host', async () => {
    const content = Buffer.alloc(3_000_000, 'positions ');
    const { status, text } = await served.send('traj.xtc', content);
    expect(status).toBe(200);
    const { files } = JSON.parse(text);
    expect(files).toEqual([expect.objectContaining({ name: 'traj.xtc', bytes: content.length })]);
    const path = served.host.pathOf(files[0].id);
    expect(path).toBe(join(served.home, 'received', 'drop-1', 'traj.xtc'));
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  test('nothing is replaced, and files that belong together stay together', async () => {
    await served.send('a.pdb', 'first', 'drop-2');
    await served.send('a.pdb', 'second', 'drop-2');
    await served.send('a.pdb', 'third', 'drop-3');
    const at = (...names: string[]) => readFileSync(join(served.home, 'received', ...names), 'utf8');
    expect([at('drop-2', 'a.pdb'), at('drop-2', 'a (2).pdb'), at('drop-3', 'a.pdb')]).toEqual([
      'first',
      'second',
      'third',
    ]);
  });

  test.each([
    '../../../escaped.pdb',
    '..\\..\\escaped.pdb',
    '/etc/cron.d/escaped',
    '....//....//escaped.pdb',
    '.bashrc',
    '..',
    'NUL',
    'a\u0000b.pdb',
    'x'.repeat(5000),
    '\u202Efdp.exe',
  ])('a name is a name: %j', async (name) => {
    const { status, text } = await served.send(name, 'x', 'named');
    expect(status).toBe(200);
    const path = served.host.pathOf(JSON.parse(text).files[0].id);
    expect(join(path, '..')).toBe(join(served.home, 'received', 'named'));
    expect(path.slice(served.home.length)).toMatch(/^\/received\/named\/[\p{L}\p{N}_ ().-]{1,150}$/u);
  });

  test.each(['', '../x', 'A B', 'x'.repeat(41), '.', '__proto__'])('a drop is named by us: %j', async (drop) => {
    const { status, text } = await served.send('a.pdb', 'x', drop);
    expect(status).toBe(400);
    refusal(text);
  });

  test('more than the disk holds is refused before it comes', async () => {
    const headers = { ...served.authorisation, 'Content-Length': `${2 ** 52}` };
    const socket = connect(served.server.port, '127.0.0.1');
    const words = Object.entries({ Host: served.name, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /files?name=huge.xtc&drop=huge HTTP/1.1\r\n${words.join('')}\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('507');
    expect(String(answer)).toContain('`huge.xtc` does not fit on the disk of the host');
    socket.destroy();
    expect(readdirSync(join(served.home, 'received', 'huge'))).toEqual([]);
  });

  test('what breaks off on the way leaves nothing', async () => {
    const socket = connect(served.server.port, '127.0.0.1');
    socket.write(
      `POST /files?name=half.xtc&drop=half HTTP/1.1\r\nHost: ${served.name}\r\n` +
        `Authorization: Bearer ${served.token}\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(500)}`,
    );
    const folder = join(served.home, 'received', 'half');
    while (!existsSync(folder) || readdirSync(folder).length === 0) await sleep(5);
    socket.destroy();
    await emptied(folder);
  });

  test('an exported file is fetched once by an address of its own', async () => {
    const path = join(served.home, "Ergebnis “1”'s.xtc");
    writeFileSync(path, 'frames');
    const [entry] = await served.host.grant([path]);
    const { text } = await served.ask('POST', `/downloads/${entry!.id}`, served.authorisation);
    const { address } = JSON.parse(text);
    const fetched = await served.ask('GET', address);
    expect(fetched).toMatchObject({ status: 200, text: 'frames' });
    expect(fetched.headers['content-disposition']).toBe(
      "attachment; filename*=UTF-8''Ergebnis%20%E2%80%9C1%E2%80%9D%27s.xtc",
    );
    expect((await served.ask('GET', address)).status).toBe(404);
  });

  test('an empty file is fetched, a folder, an unknown file and a file that is gone are not', async () => {
    const path = join(served.home, 'empty.csv');
    writeFileSync(path, '');
    const [empty, folder] = await served.host.grant([path, served.home]);
    const { text } = await served.ask('POST', `/downloads/${empty!.id}`, served.authorisation);
    expect(await served.ask('GET', JSON.parse(text).address)).toMatchObject({ status: 200, text: '' });
    for (const id of [folder!.id, 'f0000', '..%2f..%2fetc%2fpasswd', '__proto__']) {
      const refused = await served.ask('POST', `/downloads/${id}`, served.authorisation);
      expect(refused.status).toBe(404);
      refusal(refused.text);
    }
  });
});

describe('windows', () => {
  test('two windows hear of one another, and one that is gone does not disturb', async () => {
    const [first, second] = await Promise.all([served.window(), served.window()]);
    const project = await first.ask('project.create', { name: 'together' });
    await second.until(() => second.heard('project.changed').length > 0);
    expect(second.heard('project.changed').at(-1)).toEqual({ project });
    first.socket.terminate();
    await second.ask('project.save', { name: 'together still' });
    const { project: seen } = await second.ask('hello', {});
    expect(seen?.name).toBe('together still');
    second.socket.terminate();
  });

  test('a window whose connection broke comes back and hears everything again', async () => {
    const broken = await served.window();
    await broken.ask('project.create', { name: 'breaking' });
    broken.socket.terminate();
    await once(broken.socket, 'close');
    const again = await served.window();
    expect((await again.ask('hello', {})).project).toMatchObject({ name: 'breaking' });
    const other = await served.window();
    const { job } = await other.ask('jobs.add', { kind: 'run', draft: tinyRun });
    expect(await again.jobIn(job, 'done')).toMatchObject({ title: 'tiny' });
    const [run] = await again.until(() => {
      const runs = again.heard('runs.changed').at(-1)?.runs;
      return runs?.[0]?.finished && runs;
    });
    expect(run).toMatchObject({ name: 'tiny', has: { model: true, samples: true, simulation: true, metrics: true } });
    await other.ask('project.create', { name: 'after the break' });
    await again.until(() => again.heard('project.changed').some(({ project }) => project?.name === 'after the break'));
    again.socket.terminate();
    other.socket.terminate();
  });

  test('ten thousand requests at once are answered, each with its own answer', async () => {
    const window = await served.window();
    const answers = await Promise.allSettled(
      Array.from({ length: 10_000 }, (_, index) =>
        index % 2 === 0
          ? window.ask('project.save', { view: { index } })
          : window.ask('project.open', { folder: 'f0' }),
      ),
    );
    expect(answers.every(({ status }, index) => status === (index % 2 === 0 ? 'fulfilled' : 'rejected'))).toBe(true);
    expect((await window.ask('hello', {})).project?.view).toEqual({ index: 9998 });
    window.socket.terminate();
  });

  test('bytes that are no message change nothing, and the window goes on', async () => {
    const window = await served.window();
    for (let length = 0; length < 300; length++) {
      window.socket.send(Buffer.from(Array.from({ length }, (_, index) => (index * 31 + length * 17) % 256)));
    }
    window.socket.send('{"type": "request", "id": 1, "name": "hello", "body": {}}');
    window.socket.send(encodeMessage(null));
    const { version } = await window.ask('hello', {});
    expect(version).toBe('0.0.0');
    window.socket.terminate();
  });

  test('a message larger than anything that is said ends the connection', async () => {
    const window = await served.window();
    window.socket.on('error', () => undefined);
    window.socket.send(Buffer.alloc(17 * 1024 * 1024));
    const [code] = await once(window.socket, 'close');
    expect([1006, 1009]).toContain(code);
    expect((await served.ask('GET', '/')).status).toBe(200);
  });
});

describe('those who only hold the line', () => {
  test('headers that never end', async () => {
    const socket = connect(served.server.port, '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nHost: ${served.name}\r\n`);
    const drip = setInterval(() => socket.write('X-Slow: 1\r\n'), 100);
    await closed(socket);
    clearInterval(drip);
  });

  test('a body that never comes', async () => {
    const socket = connect(served.server.port, '127.0.0.1');
    socket.write(
      `POST /files?name=never.xtc&drop=never HTTP/1.1\r\nHost: ${served.name}\r\n` +
        `Authorization: Bearer ${served.token}\r\nContent-Length: 1000\r\n\r\n`,
    );
    await closed(socket.resume());
    await emptied(join(served.home, 'received', 'never'));
  });

  test('headers without measure', async () => {
    const { status } = await served.ask('GET', '/', { 'X-Long': 'x'.repeat(60_000) });
    expect(status).toBe(431);
  });
});

test('a port that is taken is a sentence', async () => {
  const page = { find: () => Promise.resolve(undefined) };
  await expect(
    HostServer.open({ host: served.host, page: page as never, home: served.home, port: served.server.port }),
  ).rejects.toThrow(`Port ${served.server.port} is in use: choose another one with \`--port\`.`);
});
