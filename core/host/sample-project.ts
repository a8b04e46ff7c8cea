/**
 * A sample that comes with the product, as a project of a person's own: a copy of its data and of its trained run,
 * with the settings that trained it; where the automatic method chose, the choice of experts is left to it again.
 */
import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runFolderName } from '../runs/new-run.ts';
import { RunFolder, readRunRecord } from '../runs/run-folder.ts';
import { withResolvedFiles } from '../specification/specification.ts';
import { fileError } from '../storage/file-errors.ts';
import type { Draft, SampleName, View } from './contract.ts';
import type { Grants } from './grants.ts';
import { writeProject } from './project-file.ts';
import { leftToAutomatic } from './train-again.ts';

export const sampleTitles: Readonly<Record<SampleName, string>> = {
  'alanine-dipeptide': 'Alanine dipeptide',
  ethanol: 'Ethanol',
};

/** What the window proposes to draw with a generator, which makes them in about a second. */
const MANY_SAMPLES = 100_000;

interface Sample {
  readonly name: string;
  /** Its folder. */
  readonly shipped: string;
}

/** `folder` is there and empty. */
export async function fillWithSample(folder: string, { name, shipped }: Sample, grants: Grants): Promise<void> {
  const from = join(shipped, 'run');
  const record = await readRunRecord(from);
  const run = join(folder, 'runs', runFolderName(record.specification));
  const files = new Map<string, string>();
  const copied = (file: string): string => {
    const path = join(folder, 'data', basename(file));
    files.set(file, path);
    return path;
  };
  const specification = withResolvedFiles(record.specification, copied);
  try {
    await mkdir(join(folder, 'data'));
    await cp(from, run, { recursive: true });
    for (const [source, target] of files) await cp(source, target);
  } catch (error) {
    throw fileError(error, folder);
  }
  {
    await using copy = await RunFolder.open(run, { within: folder });
    await copy.writeRecord({ ...record, specification });
  }
  const ids = new Map([...files.values()].map((path) => [grants.add(path), path]));
  const idOf = new Map([...ids].map(([id, path]) => [path, id]));
  const settings = record.choice ? leftToAutomatic({ ...record, specification }) : specification;
  const draft = withResolvedFiles(settings, (file) => idOf.get(file)!);
  await writeProject(folder, {
    name,
    isSample: true,
    draft: JSON.parse(JSON.stringify(draft)) as Draft,
    view: viewOf(specification.method, basename(run)),
    files: ids,
  });
}

/** As the window keeps settings that were changed and not used yet (renderer/stages/run/result-settings.ts). */
const viewOf = (method: string, run: string): View =>
  method === 'drifting' ? { 'sample.settings': { run, changes: { count: MANY_SAMPLES } } } : {};
