/** A WebSocket to the host as a channel, at the window's end. Not here: who may connect, and what to do when it is lost. */
import type { Channel } from '../../core/host/contract.ts';
import { decodeMessage, encodeMessage } from '../../core/host/transports/message-codec.ts';

/** Resolves once it is open; rejects, without a reason that a browser would tell, when it does not open. */
export function openWebSocket(address: string, protocols: string[]): Promise<Channel> {
  const socket = new WebSocket(address, protocols);
  socket.binaryType = 'arraybuffer';
  const channel = socketChannel(socket);
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(channel));
    socket.addEventListener('close', () => reject(new Error('The connection to the host could not be opened.')));
  });
}

function socketChannel(socket: WebSocket): Channel {
  let listener: ((message: unknown) => void) | undefined;
  const waiting: unknown[] = [];
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
    const message = decodeMessage(new Uint8Array(data));
    if (listener) listener(message);
    else waiting.push(message);
  });
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeMessage(message));
    },
    onMessage: (listen) => {
      listener = listen;
      for (const message of waiting.splice(0)) listen(message);
    },
    onClose: (listen) => {
      if (socket.readyState === WebSocket.CLOSED) queueMicrotask(listen);
      else socket.addEventListener('close', listen);
    },
    close: () => socket.close(1000),
  };
}
