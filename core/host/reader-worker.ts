/**
 * The thread in which files are read and numbers are made of them, so that the host keeps answering meanwhile. Answers
 * one question after the other; what a person can act on goes back as a sentence, anything else as a defect.
 * Not here: what the answers are (reading/).
 */
import { parentPort } from 'node:worker_threads';
import { ErgodicError } from '../errors.ts';
import type { TaskProgress } from './contract.ts';
import { JobFollower } from './jobs/job-follower.ts';
import { Kept } from './reading/kept.ts';
import type { Questions, ReadingName } from './reading/questions.ts';
import type { Reading } from './reading/reading.ts';
import { readings } from './reading/readings.ts';
import { withShortNames } from './reading/short-names.ts';

/** To the thread: a question, or that its answer is wanted no more. */
export type ToReader =
  | { readonly kind: 'ask'; readonly id: number; readonly name: ReadingName; readonly question: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromReader =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly sentence: string }
  /** What is being done for it, as far as it takes a while. */
  | { readonly kind: 'progress'; readonly id: number; readonly tasks: readonly TaskProgress[] }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'defect'; readonly id: number; readonly message: string; readonly stack: string };

const port = parentPort!;
const kept = new Kept();
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
    return { kind: 'answer', id, answer: await answerTo(name, question as never, { follower, kept }) };
  } catch (error) {
    if (signal.aborted && error === signal.reason) return { kind: 'cancelled', id };
    if (error instanceof ErgodicError) return { kind: 'refusal', id, sentence: withShortNames(error.message) };
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'defect', id, message, stack };
  } finally {
    follower.stop();
  }
}

const answerTo = <N extends ReadingName>(name: N, question: Questions[N], reading: Reading) =>
  readings[name](question, reading);
