/**
 * A window that nobody sees and that has a graphics card: it lends the card to whoever hands it a port. With `#software`
 * in its address one in software will do, for checks.
 */
import { localGpu } from '../../core/engines/webgpu/local-gpu.ts';
import { serveCard } from '../../core/engines/webgpu/remote-gpu.ts';

const card = localGpu({ software: location.hash === '#software' });

addEventListener('message', ({ source, ports: [port] }) => {
  // Only what runs in this very window may hand one over: its preload script.
  if (source !== window || !port) return;
  serveCard(
    {
      send: (message) => port.postMessage(message),
      receive: (listener) => {
        port.onmessage = ({ data }) => listener(data);
      },
    },
    card,
  );
});
