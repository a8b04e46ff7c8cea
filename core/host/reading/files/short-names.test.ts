import { expect, test } from 'vitest';
import { withShortNames } from './short-names.ts';

test('files are called by their names, and commands stay as they are', () => {
  expect(withShortNames('`/home/me/my data/traj.xtc` has 22 atoms, `C:\\data\\model.pdb` has 24.')).toBe(
    '`traj.xtc` has 22 atoms, `model.pdb` has 24.',
  );
  expect(withShortNames('`\\\\server\\share\\a.pdb` and `/runs/one/` are gone.')).toBe('`a.pdb` and `one` are gone.');
  const command = 'go on with `ergodic resume /runs/one`, see `system.beads`';
  expect(withShortNames(command)).toBe(command);
  expect(withShortNames('`/` is no file')).toBe('`/` is no file');
});
