/**
 * The thread in which files are read and numbers are made of them, so that the host keeps answering meanwhile. Answers
 * one question after the other; what a person can act on goes back as a sentence, anything else as a defect.
 * Not here: what the answers are (reading/).
 */
import { parentPort } from 'node:worker_threads';
import { ErgodicError } from '../errors.ts';
import type { TaskProgress } from './contract.ts';
import { JobFollower } from './jobs/job-follower.ts';
import { withShortNames } from './reading/files/short-names.ts';
import { type FromReader, OUT_OF_MEMORY, type ToReader } from './reading/messages.ts';
import type { Questions, ReadingName } from './reading/queries.ts';
import { ReaderCaches } from './reading/reader-caches.ts';
import type { Reading } from './reading/reading.ts';
import { readings } from './reading/readings.ts';

const port = parentPort!;
const caches = new ReaderCaches();
let current: { readonly id: number; readonly stop: AbortController } | undefined;

port.on('message', (message: ToReader) => {
  if (message.kind === 'cancel') {
    if (current?.id === message.id) current.stop.abort();
    return;
  }
  const stop = new AbortController();
  current = { id: message.id, stop };
  void answered(message, stop.signal).then((reply) => {
    current = undefined;
    port.postMessage(reply);
  });
});

async function answered(
  { id, name, question }: Extract<ToReader, { kind: 'ask' }>,
  signal: AbortSignal,
): Promise<FromReader> {
  const tasks = (tasks: TaskProgress[]) => port.postMessage({ kind: 'progress', id, tasks } satisfies FromReader);
  const follower = new JobFollower(signal, undefined, { tasks, said: () => undefined });
  try {
    return { kind: 'answer', id, answer: await answerTo(name, question as never, { follower, caches }) };
  } catch (thrown) {
    // Where closing a file failed, too, what went wrong before is what counts.
    const error = thrown instanceof Error && 'suppressed' in thrown ? thrown.suppressed : thrown;
    if (signal.aborted && error === signal.reason) return { kind: 'cancelled', id };
    if (error instanceof ErgodicError) return { kind: 'refusal', id, sentence: withShortNames(error.message) };
    if (isOutOfMemory(error)) return { kind: 'refusal', id, sentence: OUT_OF_MEMORY };
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'defect', id, message, stack };
  } finally {
    follower.stop();
  }
}

/** What V8 says where there is no room for an array of numbers, or for a text. */
const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError &&
  /allocation failed|invalid typed array length: \d|invalid string length/i.test(error.message);

const answerTo = <N extends ReadingName>(name: N, question: Questions[N], reading: Reading) =>
  readings[name](question, reading);
