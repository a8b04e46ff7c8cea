/**
 * A WebSocket as a channel, at the host's end. What arrives and is no message is handed on as undefined, which the
 * host answers like any other nonsense; a peer that no longer answers is taken for gone.
 * Not here: who may connect (core/host/http/).
 */
import type { RawData, WebSocket } from 'ws';
import type { Channel } from '../contract.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';

/** A laptop that was closed, a tunnel that broke: silence for two of these. */
const HEARTBEAT_MS = 20_000;

export function webSocketChannel(socket: WebSocket, heartbeat = HEARTBEAT_MS): Channel {
  let listener: ((message: unknown) => void) | undefined;
  const waiting: unknown[] = [];
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? decodeMessage(inOnePiece(data)) : undefined;
    if (listener) listener(message);
    else waiting.push(message);
  });
  // What went wrong with a connection ends it; `close` follows and says so.
  socket.on('error', () => undefined);
  watchOver(socket, heartbeat);
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(encodeMessage(message));
    },
    onMessage: (listen) => {
      listener = listen;
      for (const message of waiting.splice(0)) listen(message);
    },
    onClose: (listen) => {
      if (socket.readyState === socket.CLOSED) queueMicrotask(listen);
      else socket.on('close', listen);
    },
    close: () => socket.close(1001),
  };
}

function inOnePiece(data: RawData): Uint8Array<ArrayBuffer> {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data;
  return new Uint8Array(bytes as ArrayBuffer);
}

function watchOver(socket: WebSocket, heartbeat: number): void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, heartbeat);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}
