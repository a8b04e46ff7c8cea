/**
 * What a finished run came to, as digests that can be recorded and compared: weights, samples, trajectories, metrics.
 * How files are laid out around the numbers does not count.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const digest = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** One digest for each tensor of a safetensors file. */
function tensorsIn(path: string): [string, string][] {
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(bytes.toString('utf8', 8, 8 + length));
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => [name, digest(bytes.subarray(8 + length + from, 8 + length + to))],
    );
}

/** The numbers of a JSON value, by their paths. */
function numbersIn(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, path ? `${path}.${key}` : key));
}

/** By tensor, file, and path in metrics.json. */
export function runDigests(folder: string): Record<string, string> {
  const trajectories = readdirSync(folder).filter((name) => /^(samples|simulation).*\.(npy|xtc)$/.test(name));
  // Quality is computed from the same conformations, and says more with every version.
  const { quality: _, ...rows } = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8'));
  const metrics = numbersIn(rows);
  const isCurve = (path: string) => path.startsWith('fpCurve');
  // The spread of the residual came later.
  const curve = metrics
    .filter(([path]) => isCurve(path) && !path.startsWith('fpCurve.spread'))
    .map(([, value]) => value);
  return Object.fromEntries([
    ...tensorsIn(join(folder, 'model.safetensors')),
    ...trajectories.sort().map((name) => [name, digest(readFileSync(join(folder, name)))] as const),
    ...metrics.filter(([path]) => !isCurve(path)).map(([path, value]) => [path, String(value)] as const),
    ['fpCurve', digest(JSON.stringify(curve))],
  ]);
}
