/**
 * Other people's programs as referees in tests: one Python script is run, and its last line read as JSON. Undefined
 * where there is no Python, or one without the packages: the test then says so and is skipped.
 * The variable PYTHON names an interpreter; otherwise the one on the path and the system's own are tried.
 */
import { spawnSync } from 'node:child_process';

const MISSING = 42;
const LIMIT_MS = 120_000;

export function askPython(packages: readonly string[], script: string, ...args: readonly string[]): unknown {
  const imports = packages.map((name) => `    import ${name}`).join('\n');
  const whole = `import sys\ntry:\n${imports}\nexcept ImportError:\n    sys.exit(${MISSING})\n${script}`;
  const interpreters = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3'];
  for (const interpreter of interpreters) {
    const { error, status, stdout, stderr } = spawnSync(interpreter, ['-W', 'ignore', '-c', whole, ...args], {
      encoding: 'utf8',
      timeout: LIMIT_MS,
      maxBuffer: 1e9,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    if (error && 'code' in error && error.code === 'ENOENT') continue;
    if (status === MISSING) continue;
    if (status !== 0) throw new Error(`The Python script failed (${status ?? error?.message}):\n${stderr}`);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
  }
  return undefined;
}
