/** The command line as a person calls it: the process, its two streams and its exit code. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { ergodic } from './ergodic.test-support.ts';

const packageFile = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test('--version prints the version of the package', () => {
  expect(ergodic('--version')).toEqual({ status: 0, stdout: `${packageFile.version}\n`, stderr: '' });
});

test('--help lists every command that exists, and only on standard output', () => {
  const { status, stdout, stderr } = ergodic('--help');
  expect(status).toBe(0);
  expect(stderr).toBe('');
  for (const name of Object.keys(commands)) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
});

test('COMMAND --help is answered before anything else is checked', () => {
  const { status, stdout } = ergodic('info', '--nonsense', '--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ergodic info \[options\]: /);
});

test('no command is a usage error that shows what there is', () => {
  const { status, stdout, stderr } = ergodic();
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('Usage: ergodic COMMAND');
});

test('a mistyped command or option exits 2 with the nearest right word', () => {
  expect(ergodic('inof')).toEqual({ status: 2, stdout: '', stderr: '`inof` is not a command; did you mean `info`?\n' });
  expect(ergodic('info', '--jsno')).toEqual({
    status: 2,
    stdout: '',
    stderr: '`--jsno` is not an option of `ergodic info`; did you mean `--json`?\n',
  });
  expect(ergodic('toString').status).toBe(2);
});

test('with --json there is exactly one JSON object on standard output, in failure, too', () => {
  const good = ergodic('info', '--json');
  expect(good.status).toBe(0);
  const info = JSON.parse(good.stdout);
  expect(info.version).toBe(packageFile.version);
  for (const engine of info.engines) {
    expect(engine).toMatchObject({ name: expect.any(String), available: expect.any(Boolean) });
    if (!engine.available) expect(engine.reason).toEqual(expect.any(String));
  }
  const bad = ergodic('info', 'extra', '--json');
  expect(bad.status).toBe(2);
  expect(JSON.parse(bad.stdout)).toEqual({ error: '`extra` is one word too many for `ergodic info`.' });
});

test('info in words names the version', () => {
  const { status, stdout } = ergodic('info');
  expect(status).toBe(0);
  expect(stdout).toContain(`ergodic ${packageFile.version}, Node `);
});
