/** Everything that is needed to repeat a run: its record, and its specification with the command that runs it. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeAtomically } from '../../storage/atomic-write.ts';
import type { Exporting } from './exporting.ts';
import { freeStem } from './free-names.ts';

export async function exportRecord({ run, into, stem: name, wrote }: Exporting): Promise<void> {
  const { record } = run;
  const stem = await freeStem(into, name, (one) => [`${one}-run.json`, `${one}.yaml`]);
  const head = [
    `# ${onOneLine(record.specification.name)}, ${record.created}`,
    `# Runs with: ergodic ${record.command} ${stem}.yaml`,
  ];
  const files = [
    { path: join(into, `${stem}-run.json`), content: `${JSON.stringify(record, null, 2)}\n` },
    { path: join(into, `${stem}.yaml`), content: `${head.join('\n')}\n${stringify(record.specification)}` },
  ];
  for (const { path, content } of files) {
    await writeAtomically(path, content);
    wrote(path);
  }
}

/** A line of a comment must not end before it does. */
const onOneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
