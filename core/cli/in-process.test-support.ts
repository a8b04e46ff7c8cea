/** For tests only: commands as a person words them, without a process of their own. */
import { expect } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { Listener } from '../runs/small-run.test-support.ts';
import { commands } from './commands.ts';
import { parseArguments } from './parse.ts';

export async function called(words: readonly string[], listener = new Listener()) {
  const [name, ...rest] = words;
  const command = commands[name!]!;
  const { json, text } = await command.run(parseArguments(name!, command, rest), listener);
  // biome-ignore lint/suspicious/noExplicitAny: what a command prints is looked at, not relied on.
  return { json: json as any, text, said: listener.said, reports: listener.reports };
}

/** What a person reads when a call fails, and whether the call was at fault. */
export async function refused(...words: readonly string[]): Promise<{ sentence: string; usage: boolean }> {
  const error = await called(words).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error, `${words.join(' ')} was accepted`).toBeDefined();
  if (!(error instanceof ErgodicError)) throw error;
  expect(error.message).toMatch(/^\S.*[.?!]\)?$/);
  return { sentence: error.message, usage: error.usage };
}
