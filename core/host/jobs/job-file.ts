/**
 * jobs.json: the jobs of a project, so that what was waiting or at work when its host ended is there at the next start.
 * Such a job is paused then: nothing begins to compute because somebody looks at a project. Paths inside the project's
 * folder are relative to it.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Specification } from '../../specification/settings.ts';
import { checkSpecification, withResolvedFiles } from '../../specification/specification.ts';
import { writeAtomically } from '../../storage/atomic-write.ts';
import { errorCode, fileError } from '../../storage/file-errors.ts';
import { exportSchema, jobSchema } from '../contract.ts';
import { copyAside, setAside } from '../damaged-file.ts';
import { storedPath } from '../project-file.ts';
import type { Order } from './messages.ts';

const FORMAT = 'ergodic-jobs-1';

export interface QueuedJob extends Omit<z.output<typeof jobSchema>, 'tasks'> {
  readonly run: string;
  readonly order: Order;
  /** Instead of the run's own. */
  readonly engine?: 'wasm' | undefined;
  /** What it has made for a person to take away. */
  readonly files: readonly string[];
}

export interface StoredJobs {
  readonly jobs: readonly QueuedJob[];
  /** Files of jobs that are not in the list any more, too. */
  readonly exported: readonly { readonly job: string; readonly path: string }[];
}

const specification = z.unknown().transform((value, context): Specification => {
  const found = checkSpecification(value);
  if (found.specification) return found.specification;
  context.issues.push({ code: 'custom', message: found.faults[0]!.message, input: value });
  return z.NEVER;
});

const order = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['run', 'train']), specification: specification.optional() }),
  z.strictObject({ kind: z.enum(['sample', 'simulate']), settings: z.record(z.string(), z.json()) }),
  z.strictObject({ kind: z.literal('evaluate') }),
  z.strictObject({ kind: z.literal('export'), what: exportSchema, into: z.string() }),
]);

const job = jobSchema.omit({ tasks: true }).extend({
  run: jobSchema.shape.run.unwrap(),
  order,
  engine: z.literal('wasm').optional(),
  files: z.array(z.string()),
});

const file = z.object({
  format: z.literal(FORMAT),
  /** One that cannot be read does not take the others with it. */
  jobs: z.array(job.or(z.unknown().transform(() => undefined))),
  exported: z.array(z.object({ job: jobSchema.shape.id, path: z.string() })),
});

const AT_WORK: ReadonlySet<string> = new Set(['waiting', 'running', 'pausing']);

export interface ReadJobs extends StoredJobs {
  /** What was wrong with the file, where something was. */
  readonly notice?: string;
  /** The file stands where the list would be stored, and can be neither read nor moved: it is left as it is. */
  readonly isBlocked?: boolean;
}

const NONE: StoredJobs = { jobs: [], exported: [] };
const ANEW = 'the list of jobs starts empty, and what was interrupted can be resumed from its run.';

/** A project whose list cannot be read opens all the same, and the file stays. */
export async function readJobs(project: string): Promise<ReadJobs> {
  const path = join(project, 'jobs.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return NONE;
    return unreadable(path, fileError(error, path).message);
  }
  const found = file.safeParse(jsonOrUndefined(text));
  if (!found.success) return unreadable(path, `\`${path}\` is damaged, or of a newer version of Ergodic.`);
  const exported = found.data.exported.map((one) => ({ ...one, path: resolve(project, one.path) }));
  const jobs = found.data.jobs.flatMap((one) =>
    one ? [interrupted(withPaths(one, (name) => resolve(project, name)))] : [],
  );
  const lost = found.data.jobs.length - jobs.length;
  if (lost === 0) return { jobs, exported };
  const which = lost === 1 ? 'One job' : `${lost} jobs`;
  const name = await copyAside(path);
  const notice = `${which} in \`${path}\` could not be read: the file as it was is kept as \`${name}\`.`;
  return { jobs, exported, notice };
}

async function unreadable(path: string, why: string): Promise<ReadJobs> {
  try {
    return { ...NONE, notice: `${why} It is kept as \`${await setAside(path)}\`: ${ANEW}` };
  } catch {
    return {
      ...NONE,
      notice: `${why} It stays as it is, so the jobs of this session are not stored.`,
      isBlocked: true,
    };
  }
}

export function writeJobs(project: string, { jobs, exported }: StoredJobs): Promise<void> {
  const stored = (path: string) => storedPath(project, path);
  const content = {
    format: FORMAT,
    jobs: jobs.map((one) => withPaths(one, stored)),
    exported: exported.map((one) => ({ ...one, path: stored(one.path) })),
  };
  return writeAtomically(join(project, 'jobs.json'), `${JSON.stringify(content, null, 2)}\n`);
}

function interrupted(job: QueuedJob): QueuedJob {
  if (!AT_WORK.has(job.state)) return job;
  const message =
    job.state === 'waiting'
      ? 'It had not started when Ergodic was closed.'
      : 'It was interrupted; stored results are safe.';
  return { ...job, state: 'paused', message };
}

function withPaths(job: QueuedJob, change: (path: string) => string): QueuedJob {
  return { ...job, files: job.files.map(change), order: orderWithPaths(job.order, change) };
}

function orderWithPaths(order: Order, change: (path: string) => string): Order {
  if (order.kind === 'export') return { ...order, into: change(order.into) };
  if ((order.kind === 'run' || order.kind === 'train') && order.specification) {
    return { ...order, specification: withResolvedFiles(order.specification, change) };
  }
  return order;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
