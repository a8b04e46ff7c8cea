/** The entry of the host's process, a utility process of Electron. */
import type {} from 'electron';
import { serveHost } from './host-end.ts';

await serveHost(process.parentPort);
process.exit(0);
