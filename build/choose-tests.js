/**
 * Which tests a change needs: everything (`test:full`) when it touches how programs are written or computed, or when
 * ERGODIC_FULL_TESTS asks for it; otherwise `test`. Prints that name of an npm script, and the reason on standard error.
 * A change is what HEAD adds to the main branch; on the main branch itself, what the last commit adds. Runs before
 * anything is installed, so it needs Node and, where there is one, git.
 */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** What the quick set checks with few engines and widths. */
const DEEP = ['core/engines/', 'core/program/'];

/** `changed`: paths in the project, or undefined where there is no history to tell. */
export function chooseTests(changed, { ERGODIC_FULL_TESTS: asked = '' } = process.env) {
  if (asked !== '' && asked !== '0') return { script: 'test:full', reason: 'ERGODIC_FULL_TESTS asks for all tests' };
  if (!changed) return { script: 'test', reason: 'there is no history that tells what has changed' };
  const deep = changed.find((path) => DEEP.some((folder) => path.startsWith(folder)));
  if (deep) return { script: 'test:full', reason: `${deep} has changed` };
  return { script: 'test', reason: `nothing in ${DEEP.join(' or ')} has changed` };
}

/** Paths that differ from where this branch left the main one, in commits or not yet; undefined without a history. */
export function changedFiles(folder) {
  const git = (...words) => {
    const { status, stdout } = spawnSync('git', words, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const head = git('rev-parse', '--verify', 'HEAD');
  if (!head) return undefined;
  const base = git('merge-base', 'origin/main', 'HEAD') ?? git('merge-base', 'main', 'HEAD');
  const from = base && base !== head ? base : git('rev-parse', '--verify', 'HEAD^');
  return from && git('diff', '--name-only', from)?.split('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { script, reason } = chooseTests(changedFiles(process.cwd()));
  console.error(`npm run ${script}: ${reason}.`);
  console.log(script);
}
