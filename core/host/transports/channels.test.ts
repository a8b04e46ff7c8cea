/** What every way for messages promises: order, copies, waiting for a listener, one end that hears of the other's. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { Channel } from '../contract.ts';
import { channelPair } from './in-process.ts';
import { messagePortChannel, type PortLike } from './message-port.ts';

/** As in a window, and in Electron: messages inside an event. */
function domPorts(): [Channel, Channel] {
  const { port1, port2 } = new MessageChannel();
  const dom = (port: MessagePort): PortLike => ({
    postMessage: (message) => port.postMessage(message),
    close: () => port.close(),
    start: () => port.start(),
    addEventListener: (event, listener) => port.addEventListener(event, listener as (event: unknown) => void),
  });
  return [messagePortChannel(dom(port1)), messagePortChannel(dom(port2))];
}

function threadPorts(): [Channel, Channel] {
  const { port1, port2 } = new MessageChannel();
  const own = (port: MessagePort) => messagePortChannel(port as unknown as PortLike, false);
  return [own(port1), own(port2)];
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 30));

test.each([
  ['in one process', channelPair],
  ['ports of threads', threadPorts],
  ['ports of windows', domPorts],
])('%s: in order, copied, kept until somebody listens, closed at both ends', async (_, pair) => {
  const [one, other] = pair();
  const values = new Float32Array([1, 2, 3]);
  one.send({ first: true, values });
  values[0] = 9;
  one.send('second');
  await soon();
  const heard: unknown[] = [];
  other.onMessage((message) => heard.push(message));
  one.send('third');
  await soon();
  expect(heard).toEqual([{ first: true, values: new Float32Array([1, 2, 3]) }, 'second', 'third']);
  expect(values).toHaveLength(3);

  const closed: string[] = [];
  one.onClose(() => closed.push('one'));
  other.onClose(() => closed.push('other'));
  other.close();
  other.close();
  await soon();
  expect(closed.sort()).toEqual(['one', 'other']);
  one.send('too late');
  other.send('too late');
  await soon();
  expect(heard).toHaveLength(3);
  const late: string[] = [];
  one.onClose(() => late.push('late'));
  expect(late).toEqual(['late']);
});
