/**
 * A port of messages as a channel: of the DOM, of worker threads, or Electron's MessagePortMain. Messages are always
 * copied: arrays that are handed over get lost on the way through Electron (electron#34905, electron#37565), and are
 * small. Not here: how a window gets its port.
 */
import type { Channel } from '../contract.ts';

/** What the three kinds of ports have in common, by either of their ways to listen. */
export interface PortLike {
  postMessage(message: unknown): void;
  close(): void;
  start?(): void;
  on?(event: 'message' | 'close', listener: (event: unknown) => void): unknown;
  addEventListener?(event: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): unknown;
}

/** The same for a port of worker threads, whose messages come as they are. */
export const threadPortChannel = (port: Omit<PortLike, 'addEventListener'>): Channel => messagePortChannel(port, false);

/** `wrapped`: whether messages come inside an event's `data` (DOM, Electron) or as they are (worker threads). */
export function messagePortChannel(port: PortLike, wrapped = true): Channel {
  let listener: ((message: unknown) => void) | undefined;
  const early: unknown[] = [];
  const closed: (() => void)[] = [];
  let isOpen = true;
  const heard = (event: unknown) => {
    const message = wrapped ? (event as { readonly data?: unknown }).data : event;
    if (listener) listener(message);
    else early.push(message);
  };
  const ended = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const each of closed.splice(0)) each();
  };
  const listen = (event: 'message' | 'close', hear: (event: unknown) => void) => {
    if (port.on) port.on(event, hear);
    else port.addEventListener?.(event, hear);
  };
  listen('message', heard);
  listen('close', ended);
  port.start?.();
  return {
    send: (message) => {
      if (isOpen) port.postMessage(message);
    },
    onMessage: (hear) => {
      listener = hear;
      for (const message of early.splice(0)) hear(message);
    },
    onClose: (hear) => {
      if (isOpen) closed.push(hear);
      else hear();
    },
    close: () => {
      if (!isOpen) return;
      port.close();
      ended();
    },
  };
}
