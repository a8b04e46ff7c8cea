import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedFiles, chooseTests } from './choose-tests.js';

describe('the tests that a change needs', () => {
  const scriptFor = (changed: string[] | undefined, env = {}) => chooseTests(changed, env).script;

  test('are all of them when programs or engines change', () => {
    expect(scriptFor(['README.md', 'core/engines/wasm/tile.ts'])).toBe('test:full');
    expect(scriptFor(['core/program/primitives.ts'])).toBe('test:full');
    expect(scriptFor(['core/models/mlp.ts', 'e2e/core/engines/not.ts'])).toBe('test');
    expect(scriptFor([])).toBe('test');
  });

  test('are all of them when somebody asks, and the quick ones where nobody can tell', () => {
    expect(scriptFor(['README.md'], { ERGODIC_FULL_TESTS: '1' })).toBe('test:full');
    expect(scriptFor(['README.md'], { ERGODIC_FULL_TESTS: '0' })).toBe('test');
    expect(scriptFor(undefined)).toBe('test');
  });
});

const hasGit = spawnSync('git', ['--version']).status === 0;

describe.runIf(hasGit)('what has changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ergodic-history-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...words: string[]) => {
    const who = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...who, ...words], { cwd: folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  };
  const write = (path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  };
  const commit = (path: string) => {
    write(path);
    git('add', '.');
    git('commit', '--quiet', '--message', path);
  };
  beforeAll(() => git('init', '--quiet', '--initial-branch=main'));

  test('is unknown without a commit, and with one that has no parent', () => {
    expect(changedFiles(folder)).toBeUndefined();
    commit('one.ts');
    expect(changedFiles(folder)).toBeUndefined();
  });

  test('on main is what the last commit adds', () => {
    commit('core/two.ts');
    expect(changedFiles(folder)).toEqual(['core/two.ts']);
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(changedFiles(folder)).toEqual(['core/two.ts']);
  });

  test('on a branch is all that it adds to main, also what is not committed', () => {
    git('checkout', '--quiet', '-b', 'branch');
    commit('core/engines/three.ts');
    commit('four.ts');
    expect(changedFiles(folder)).toEqual(['core/engines/three.ts', 'four.ts']);
    writeFileSync(join(folder, 'one.ts'), 'another');
    expect(changedFiles(folder)).toEqual(['core/engines/three.ts', 'four.ts', 'one.ts']);
  });
});
