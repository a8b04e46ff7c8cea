/** A WebSocket as a channel: nothing is lost before somebody listens, and a peer that is gone without a word is noticed. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Channel } from '../contract.ts';
import { webSocketChannel } from './web-socket.ts';

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
});
afterAll(() => server.close());

async function pair(heartbeat?: number): Promise<{ host: Channel; window: Channel; client: WebSocket }> {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'open')]);
  return { host: webSocketChannel(accepted as WebSocket, heartbeat), window: webSocketChannel(client), client };
}

const next = (channel: Channel) => new Promise<unknown>((resolve) => channel.onMessage(resolve));
const closed = (channel: Channel) => new Promise<void>((resolve) => channel.onClose(resolve));

test('messages that come before somebody listens wait, in their order', async () => {
  const { host, window, client } = await pair();
  window.send(Float32Array.of(1, 2));
  window.send('second');
  await new Promise((resolve) => {
    client.ping();
    client.once('pong', resolve);
  });
  const heard: unknown[] = [];
  host.onMessage((message) => heard.push(message));
  expect(heard).toEqual([Float32Array.of(1, 2), 'second']);
  host.send({ answer: Number.NaN });
  expect(await next(window)).toEqual({ answer: Number.NaN });
  window.close();
});

test('text is no message', async () => {
  const { host, client } = await pair();
  client.send('{"type": "request"}');
  expect(await next(host)).toBeUndefined();
  client.terminate();
});

test('both ends hear of the end, also when they ask late; nothing is sent any more', async () => {
  const { host, window } = await pair();
  const both = Promise.all([closed(host), closed(window)]);
  window.close();
  await both;
  await closed(host);
  expect(() => host.send('nobody hears this')).not.toThrow();
});

test('a peer that does not answer is taken for gone, one that does is not', async () => {
  const silent = await pair(60);
  const lively = await pair(60);
  let isOver = false;
  lively.host.onClose(() => {
    isOver = true;
  });
  // As a laptop that was closed: its end stays open and takes nothing in.
  (silent.client as unknown as { _socket: Socket })._socket.pause();
  await closed(silent.host);
  expect(isOver).toBe(false);
  silent.client.terminate();
  lively.client.terminate();
});
