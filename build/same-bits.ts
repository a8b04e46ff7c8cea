/**
 * Whether this version computes the same bits as the figures recorded in same-bits.json: the quick Müller–Brown and
 * alanine dipeptide experiments, whole, and a run that an older version began and was killed in.
 * `npx node build/same-bits.ts` compares, `… --record` writes what it found, `… NAME` runs one of them; minutes each.
 * Weights, samples, trajectories and metrics are compared; how files are laid out around them is not.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runDigests } from './run-digests.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const recordedPath = join(root, 'build/same-bits.json');

interface Case {
  readonly name: string;
  /** Makes the run in this folder. */
  readonly words: (folder: string) => readonly string[];
  /** A run that was begun by an older version: it is copied there first. */
  readonly begun?: string;
}

const whole = (name: string): Case => ({
  name,
  words: (folder) => ['run', `resources/specs/${name}.yaml`, '--engine', 'wasm', '--seed', '0', '--out', folder],
});

const cases: readonly Case[] = [
  whole('mueller-brown-both-quick'),
  whole('aldp-both-quick'),
  { name: 'resumed', begun: 'core/runs/fixtures/begun-run', words: (folder) => ['resume', folder] },
];

const words = process.argv.slice(2);
const wanted = cases.filter(({ name }) => words.every((word) => word.startsWith('--')) || words.includes(name));
const recorded: Record<string, Record<string, string>> = existsSync(recordedPath)
  ? JSON.parse(readFileSync(recordedPath, 'utf8'))
  : {};
let different = 0;
for (const { name, words: command, begun } of wanted) {
  const parent = mkdtempSync(join(tmpdir(), 'ergodic-bits-'));
  const folder = join(parent, 'run');
  try {
    if (begun) cpSync(join(root, begun), folder, { recursive: true });
    const { status } = spawnSync(process.execPath, ['core/cli/main.ts', ...command(folder)], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`${name}: the run ended with ${status}.`);
    const found = runDigests(folder);
    if (words.includes('--record')) recorded[name] = found;
    const before = recorded[name] ?? {};
    // What this version measures and the recorded one did not is no difference.
    const keys = Object.keys(before);
    const others = keys.filter((key) => found[key] !== before[key]);
    different += others.length;
    console.log(`${name}: ${keys.length - others.length} of ${keys.length} results are the same bits.`);
    for (const key of others) console.log(`  ${key}: ${before[key]} → ${found[key] ?? 'missing'}`);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
if (words.includes('--record')) writeFileSync(recordedPath, `${JSON.stringify(recorded, null, 2)}\n`);
process.exitCode = different > 0 ? 1 : 0;
