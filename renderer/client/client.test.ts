/** The client against a host at the other end of a real message channel: here the host is played by the test. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Channel, FromWindow } from '../../core/host/contract.ts';
import { Client, type Link } from './client.ts';

type Request = Extract<FromWindow, { type: 'request' }>;

let pictures: (() => void)[] = [];
const draw = () => {
  for (const picture of pictures.splice(0)) picture();
};
const turn = () => new Promise((resolve) => setImmediate(resolve));
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => {
  pictures = [];
  vi.stubGlobal('requestAnimationFrame', (picture: () => void) => pictures.push(picture));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => {
    pictures[id - 1] = () => undefined;
  });
});
afterEach(() => vi.unstubAllGlobals());

interface Played {
  readonly heard: FromWindow[];
  readonly client: Client;
  readonly links: Link[];
  say(message: unknown): void;
  lose(): void;
  connections: number;
  refuse: boolean;
}

function play(answer: (request: Request, say: (message: unknown) => void) => void = () => undefined): Played {
  let port: MessagePort | undefined;
  const played: Played = {
    heard: [],
    links: [],
    connections: 0,
    refuse: false,
    client: new Client(async () => {
      if (played.refuse) throw new Error('The host does not answer.');
      played.connections++;
      const { port1, port2 } = new MessageChannel();
      port = port1;
      const say = (message: unknown) => port1.postMessage(message);
      port1.on('message', (message: FromWindow) => {
        played.heard.push(message);
        if (message.type === 'request') answer(message, say);
      });
      return channelOf(port2);
    }),
    say: (message) => port?.postMessage(message),
    lose: () => port?.close(),
  };
  played.client.onLink((link) => played.links.push(link));
  return played;
}

const channelOf = (port: MessagePort): Channel => ({
  send: (message) => port.postMessage(message),
  onMessage: (listen) => void port.on('message', listen),
  onClose: (listen) => void port.on('close', listen),
  close: () => port.close(),
});

it('answers find their request, whatever their order; a failure is a sentence', async () => {
  const held: { request: Request; say: (message: unknown) => void }[] = [];
  const { client } = play((request, say) => {
    held.push({ request, say });
    if (held.length < 3) return;
    for (const { request, say } of held.toReversed()) {
      const { id, name } = request;
      if (name === 'runs.list') say({ type: 'failure', id, message: 'There is no open project.' });
      else say({ type: 'response', id, result: { name } });
    }
  });
  await client.open();
  const answers = await Promise.allSettled([
    client.request('hello', {}),
    client.request('runs.list', {}),
    client.request('jobs.list', {}),
  ]);
  expect(answers).toMatchObject([
    { value: { name: 'hello' } },
    { reason: { name: 'HostFailure', message: 'There is no open project.' } },
    { value: { name: 'jobs.list' } },
  ]);
  client.close();
});

it('a lost connection fails what waits, is made again, and says so', async () => {
  const played = play();
  const { client, links } = played;
  await client.open();
  const waiting = client.request('hello', {});
  await settled();
  played.refuse = true;
  played.lose();
  await expect(waiting).rejects.toThrow(/connection to the host was lost/);
  await expect(client.request('hello', {})).rejects.toThrow(/no connection to the host/);
  await settled();
  played.refuse = false;
  await vi.waitFor(() => expect(links.at(-1)).toBe('open'), { timeout: 3000 });
  expect(played.connections).toBe(2);
  client.close();
  await settled();
  expect(links.at(-1)).toBe('closed');
  expect(played.connections).toBe(2);
});

it('events reach their listeners until they leave', async () => {
  const played = play();
  await played.client.open();
  const heard: string[] = [];
  const leave = played.client.on('notice', ({ message }) => heard.push(message));
  const event = (message: string) => ({ type: 'event', name: 'notice', body: { message, kind: 'information' } });
  played.say(event('one'));
  await settled();
  leave();
  played.say(event('two'));
  await settled();
  expect(heard).toEqual(['one']);
  played.client.close();
});

const opened = ({ id, name }: Request, say: (message: unknown) => void) =>
  say({ type: 'response', id, result: name === 'stream.open' ? { stream: 's1', structure: null, axes: [] } : {} });
const frame = (step: number, more: object = {}) => ({
  ...{ step, time: step, positions: new Float32Array(3), at: [], dropped: 0 },
  ...more,
});
const bunch = (frames: object[], seconds = 0) => ({ type: 'frames', stream: 's1', frames, seconds });
const credits = (heard: readonly FromWindow[]) =>
  heard.flatMap((message) => (message.type === 'credit' ? [message.frames] : []));

it('one picture shows the newest frame, with the newest counts, and pays back what came', async () => {
  const played = play(opened);
  await played.client.open();
  const shown: unknown[] = [];
  played.client.watch({ kind: 'simulation', job: 'j1', replica: 0 }, { onFrame: (frame) => shown.push(frame) });
  await settled();
  expect(credits(played.heard)).toEqual([24]);
  const counts = { bins: [1, 1], values: new Float32Array(1), total: 7 };
  played.say(bunch([1, 2, 3, 4, 5].map((step) => frame(step))));
  played.say(bunch([frame(6, { counts, temperature: 300 })]));
  played.say(bunch([frame(7), frame(8, { dropped: 5 })]));
  await settled();
  draw();
  expect(shown).toMatchObject([{ step: 8, counts: { total: 7 }, temperature: 300, dropped: 12 }]);
  await settled();
  expect(credits(played.heard)).toEqual([24, 8]);
  played.client.close();
});

it('a window that draws nothing grants nothing', async () => {
  const played = play(opened);
  await played.client.open();
  played.client.watch({ kind: 'simulation', job: 'j1', replica: 0 }, { onFrame: () => undefined });
  await settled();
  for (let step = 0; step < 24; step += 8) played.say(bunch(Array.from({ length: 8 }, (_, i) => frame(step + i))));
  await settled();
  expect(credits(played.heard)).toEqual([24]);
  played.client.close();
});

it('frames that come together are shown one by one in the time they were given', async () => {
  const played = play(opened);
  await played.client.open();
  const shown: { step: number; at: number }[] = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const start = performance.now();
  const onFrame = ({ step }: { step: number }) => void shown.push({ step, at: performance.now() - start });
  played.client.watch({ kind: 'simulation', job: 'j1', replica: 0 }, { onFrame });
  for (let i = 0; i < 5; i++) await turn();
  played.say(
    bunch(
      [1, 2, 3, 4, 5].map((step) => frame(step)),
      0.2,
    ),
  );
  for (let i = 0; i < 5; i++) await turn();
  for (let time = 0; time < 90; time += 5) {
    vi.advanceTimersByTime(5);
    draw();
  }
  expect(shown.map(({ step }) => step)).toEqual([1, 2, 3]);
  for (const [i, { at }] of shown.entries()) expect(Math.abs(at - 40 * i)).toBeLessThanOrEqual(5);
  // The next come sooner than was thought: nothing waits for those before.
  played.say(bunch([frame(6), frame(7)], 0.1));
  for (let i = 0; i < 5; i++) await turn();
  for (let time = 0; time < 100; time += 5) {
    vi.advanceTimersByTime(5);
    draw();
  }
  vi.useRealTimers();
  expect(shown.map(({ step }) => step)).toEqual([1, 2, 3, 6, 7]);
  played.client.close();
});

it('a stream is drawn a little over thirty times in a second, however often the window could', async () => {
  const played = play(opened);
  await played.client.open();
  let shown = 0;
  played.client.watch({ kind: 'simulation', job: 'j1', replica: 0 }, { onFrame: () => shown++ });
  await settled();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  let turns = 0;
  for (let picture = 0; picture < 120; picture++) {
    played.say(bunch([frame(picture)]));
    await turn();
    vi.advanceTimersByTime(1000 / 60);
    turns += pictures.length;
    draw();
  }
  vi.useRealTimers();
  // Nor does it ask the browser for turns in which it draws nothing.
  expect(turns).toBe(shown);
  expect(shown).toBeGreaterThanOrEqual(60);
  expect(shown).toBeLessThanOrEqual(84);
  played.client.close();
});

it('the last frame is shown before the end, and nothing after one has left', async () => {
  const played = play(opened);
  await played.client.open();
  const heard: string[] = [];
  const watcher = (name: string) => ({
    onFrame: ({ step }: { step: number }) => void heard.push(`${name} ${step}`),
    onEnd: () => void heard.push(`${name} end`),
  });
  played.client.watch({ kind: 'simulation', job: 'j1', replica: 0 }, watcher('a'));
  await settled();
  played.say(bunch([frame(8), frame(9)], 10));
  played.say({ type: 'end', stream: 's1' });
  await settled();
  draw();
  expect(heard).toEqual(['a 9', 'a end']);

  const leave = played.client.watch({ kind: 'simulation', job: 'j1', replica: 0 }, watcher('b'));
  await settled();
  played.say(bunch([frame(1)]));
  await settled();
  leave();
  draw();
  await settled();
  expect(heard).toEqual(['a 9', 'a end']);
  expect(played.heard.at(-1)).toMatchObject({ type: 'request', name: 'stream.close', body: { stream: 's1' } });
  played.client.close();
});

it('who leaves before the stream is open leaves no stream behind', async () => {
  const played = play(opened);
  await played.client.open();
  const leave = played.client.watch({ kind: 'samples', job: 'j1' }, { onFrame: () => undefined });
  leave();
  await settled();
  expect(played.heard.at(-1)).toMatchObject({ name: 'stream.close', body: { stream: 's1' } });
  expect(credits(played.heard)).toEqual([]);
  played.client.close();
});
