/** The graphics card of a job's thread, which has none of its own: one that the host's shell lends it. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { distantCard } from '../../engines/webgpu/card-door.ts';
import type { ComputeCard } from '../../engines/webgpu/compute-card.ts';
import { threadPortChannel } from '../transports/message-port.ts';

/** `ask` hands the host its end of the way to the card. */
export function borrowedCard(ask: (port: MessagePort) => void): ComputeCard {
  const { port1, port2 } = new MessageChannel();
  const channel = threadPortChannel(port1);
  const card = distantCard({ send: channel.send, receive: channel.onMessage });
  channel.onClose(() => card.close());
  ask(port2);
  return {
    describe: () => card.describe().catch(() => ({ reason: 'No window could be opened that has a graphics card.' })),
    compile: (program) => card.compile(program),
    ceilings: () => card.ceilings(),
    dispose: async () => channel.close(),
  };
}
