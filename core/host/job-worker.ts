/**
 * The thread of one job: does it, tells the host how it goes, stops at the next checkpoint when it is told to. It is
 * less urgent than the host and the window. Not here: what is done (jobs/work.ts), or why (jobs/job-queue.ts).
 */
import { availableParallelism, constants, getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { setGpuProvider } from '../engines/registry.ts';
import { DeviceError, ErgodicError, firstFailure } from '../errors.ts';
import { borrowedGpu } from './jobs/borrowed-gpu.ts';
import { JobFollower } from './jobs/job-follower.ts';
import type { FromJob, JobStart, Outcome, ToJob } from './jobs/messages.ts';
import { work } from './jobs/work.ts';
import { withShortNames } from './reading/files/short-names.ts';
import { JobSpectator } from './watching/job-spectator.ts';

const port = parentPort!;
const start = workerData as JobStart;
const tell = (message: FromJob) => port.postMessage(message);
const stop = new AbortController();
const spectator = new JobSpectator(tell);
const follower = new JobFollower(stop.signal, spectator, {
  tasks: (tasks) => tell({ kind: 'tasks', tasks }),
  said: (line) => tell({ kind: 'said', line: withShortNames(line) }),
});

if (start.lendsGpus) setGpuProvider(() => borrowedGpu((way) => port.postMessage({ kind: 'gpu', port: way }, [way])));

/** So many replicas keep one core busy, which leaves the others to the window and need not give way. */
const FEW = 4;
const { order } = start;
const isSmall = order.kind === 'simulate' && Number(order.settings.replicas) <= FEW;
const fillsAllCores = !isSmall || availableParallelism() === 1;
// On Linux this is about the calling thread and those it starts; elsewhere it would be about the whole host.
const { PRIORITY_BELOW_NORMAL } = constants.priority;
// A host that was started with `nice` is less urgent already, and may not become more so.
if (process.platform === 'linux' && fillsAllCores && getPriority() < PRIORITY_BELOW_NORMAL) {
  setPriority(PRIORITY_BELOW_NORMAL);
}

port.on('message', (message: ToJob) => {
  if (message.kind === 'stop') stop.abort(new Error('The job was told to stop.'));
  else if (message.kind === 'watch') spectator.watch(message);
  else if (message.kind === 'credit') spectator.credit(message.stream, message.frames);
  else spectator.unwatch(message.stream);
});

async function outcome(): Promise<Outcome> {
  try {
    return { kind: 'done', files: await work(start, follower, () => tell({ kind: 'stored' })) };
  } catch (thrown) {
    const error = firstFailure(thrown);
    if (stop.signal.aborted && error === stop.signal.reason) return { kind: 'stopped' };
    if (error instanceof ErgodicError) {
      const lacksDevice = error instanceof DeviceError;
      return { kind: 'failed', sentence: withShortNames(error.message), lacksDevice };
    }
    return { kind: 'defect', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const end = await outcome();
follower.stop();
tell(end);
port.close();
