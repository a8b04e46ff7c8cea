/** Answers about the runs of the open project. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { RunFolder, readRunRecord } from '../runs/run-folder.ts';
import { withResolvedFiles } from '../specification/specification.ts';
import { errorCode, fileError } from '../storage/file-errors.ts';
import { makeFolder } from '../storage/make-folder.ts';
import type { WindowHandlers } from './connection.ts';
import type { HostServices } from './host-services.ts';
import { detailOf } from './run-detail.ts';

type Name = 'runs.list' | 'runs.read' | 'runs.draft' | 'runs.rename' | 'runs.remove';

const MOST_OF_ONE_NAME = 10_000;

export function runHandlers(host: HostServices): WindowHandlers<Name> {
  return {
    'runs.list': async () => ({ runs: await host.openSession.runs() }),
    'runs.read': async ({ run }, { runFolder }) => detailOf(runFolder(run), run),
    'runs.draft': async ({ run }, { runFolder }) => {
      const { specification } = await readRunRecord(runFolder(run));
      const paths = new Set<string>();
      const { name, system } = withResolvedFiles(specification, (file) => {
        paths.add(file);
        return host.grants.add(file);
      });
      const entries = await Promise.all([...paths].map((path) => host.grants.entryIfAny(path)));
      const files = entries.map(({ missing: _, ...entry }) => entry);
      return { draft: JSON.parse(JSON.stringify({ name, system })), files };
    },
    'runs.rename': async ({ run, name }, { runFolder, projectFolder }) => {
      host.openSession.checkIdle(run);
      {
        await using folder = await RunFolder.open(runFolder(run), { within: projectFolder() });
        const record = await folder.readRecord();
        await folder.writeRecord({ ...record, specification: { ...record.specification, name } });
      }
      host.openSession.runsChanged();
      return {};
    },
    'runs.remove': async ({ run }, { runFolder, projectFolder }) => {
      const session = host.openSession;
      session.checkIdle(run);
      await moveInto(join(projectFolder(), 'removed'), runFolder(run), run);
      session.jobs.forget(run);
      session.runsChanged();
      return {};
    },
  };
}

async function moveInto(parent: string, from: string, name: string): Promise<void> {
  await makeFolder(parent);
  for (let number = 1; number < MOST_OF_ONE_NAME; number++) {
    try {
      return await rename(from, join(parent, number === 1 ? name : `${name} ${number}`));
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error) ?? '')) throw fileError(error, from);
    }
  }
  throw new ErgodicError(`\`${parent}\` holds too many runs called \`${name}\`: delete some of them.`);
}
