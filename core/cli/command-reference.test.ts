import { expect, test } from 'vitest';
import { commandReference } from './command-reference.ts';
import { declarations, flagOf } from './options.ts';

test('the reference page has every command with its options, and is the one in docs', async () => {
  const page = commandReference();
  for (const [name, { options }] of Object.entries(declarations)) {
    const section = page.split(new RegExp(`\n## ergodic ${name}\\b.*\n`))[1]!.split('\n## ')[0]!;
    for (const key of Object.keys(options)) expect(section).toContain(flagOf(key));
  }
  await expect(page).toMatchFileSnapshot('../../docs/commands.md');
});
