/** The GPU of a job's thread, which has none of its own: one that the host's shell lends it. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Gpu } from '../../engines/webgpu/gpu.ts';
import { remoteGpu } from '../../engines/webgpu/remote-gpu.ts';
import { threadPortChannel } from '../transports/message-port.ts';

/** `ask` hands the host its end of the way to the GPU. */
export function borrowedGpu(ask: (port: MessagePort) => void): Gpu {
  const { port1, port2 } = new MessageChannel();
  const channel = threadPortChannel(port1);
  const gpu = remoteGpu({ send: channel.send, receive: channel.onMessage });
  channel.onClose(() => gpu.close());
  ask(port2);
  return {
    describe: () => gpu.describe().catch(() => ({ reason: 'No window could be opened that has a GPU.' })),
    compile: (program) => gpu.compile(program),
    ceilings: () => gpu.ceilings(),
    dispose: async () => channel.close(),
  };
}
