/**
 * Entry of a worker thread: keeps the executables it was given and runs its part of each call.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Driver, type Job, type Schedule } from './driver.ts';
import type { KernelMemory, KernelModule } from './kernels.ts';

export type ToThread =
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly kernels: KernelModule;
      readonly code: KernelModule;
      readonly memory: KernelMemory;
      readonly schedule: Schedule;
    }
  | { readonly kind: 'run'; readonly id: number; readonly job: Job }
  | { readonly kind: 'drop'; readonly id: number };

const { thread } = workerData as { thread: number };
const drivers = new Map<number, Driver>();

parentPort!.on('message', (message: ToThread) => {
  if (message.kind === 'load') {
    drivers.set(message.id, new Driver(message.kernels, message.code, message.memory, message.schedule, thread));
  } else if (message.kind === 'drop') {
    drivers.delete(message.id);
  } else {
    drivers.get(message.id)!.run(message.job);
    parentPort!.postMessage('done');
  }
});
