/**
 * A window that nobody sees and that has a GPU: it lends the GPU through any port that it is
 * given. With `#software` in its address a software adapter will do, for checks.
 */
import { localGpu } from '../../core/engines/webgpu/local-gpu.ts';
import { serveGpu } from '../../core/engines/webgpu/remote-gpu.ts';

const gpu = localGpu({ software: location.hash === '#software' });

addEventListener('message', ({ source, ports: [port] }) => {
  // Only what runs in this very window may hand one over: its preload script.
  if (source !== window || !port) return;
  serveGpu(
    {
      send: (message) => port.postMessage(message),
      receive: (listener) => {
        port.onmessage = ({ data }) => listener(data);
      },
    },
    gpu,
  );
});
