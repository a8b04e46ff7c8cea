/** What is in a file that a person has taken out: by the product's own readers, and by mdtraj where that is installed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { ergodic } from './command-line.ts';

export const inspected = (path: string): Promise<unknown> => ergodic('inspect', path);

const SCRIPT = `
import sys
try:
    import mdtraj
except ImportError:
    sys.exit(42)
import json
trajectory = mdtraj.load(sys.argv[1], top=sys.argv[2])
print(json.dumps({"atoms": trajectory.n_atoms, "frames": trajectory.n_frames}))
`;

/** Says so in the report where there is no mdtraj here. */
export async function checkedByMdtraj(
  path: string,
  topology: string,
  expected: { readonly atoms: number; readonly frames: number },
): Promise<void> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', SCRIPT, path, topology]);
    expect(JSON.parse(stdout)).toEqual(expected);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== 42 && code !== 'ENOENT') throw error;
    test.info().annotations.push({ type: 'not checked', description: 'mdtraj (python3-mdtraj) is not installed here' });
  }
}
