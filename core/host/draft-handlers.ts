/** Answers about what a person has set and not yet run: what is wrong with it, and the same for the command line. */
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { checkSpecification } from '../specification/specification.ts';
import type { WindowHandlers } from './connection.ts';
import type { Draft, Fault } from './contract.ts';
import { withFiles } from './draft-files.ts';
import type { Grants } from './grants.ts';

type Name = 'draft.check' | 'draft.command';

export function draftHandlers(grants: Grants): WindowHandlers<Name> {
  return {
    'draft.check': async ({ draft }) => {
      const { faults, specification } = checkSpecification(draft);
      const all = [
        ...faults.map(({ path, message }) => ({ path: [...path], message })),
        ...(await filesGone(draft, grants)),
      ];
      if (!specification || all.length > 0) return { faults: all };
      return { faults: [], specification: JSON.parse(JSON.stringify(specification)) };
    },
    'draft.command': async ({ draft }, { withPaths }) => {
      const name = typeof draft.name === 'string' && draft.name !== '' ? draft.name : 'run';
      return { specification: stringify(withPaths(draft), { lineWidth: 0 }), command: commandLine('run', name) };
    },
  };
}

/** What runs a specification of this name, said as one would type it. */
export function commandLine(command: string, name: string): string {
  const file = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.yaml`;
  return `ergodic ${command} ${file}`;
}

/** Files that the draft names and that are not there. */
async function filesGone(draft: Draft, grants: Grants): Promise<Fault[]> {
  const named: { file: string; path: (string | number)[] }[] = [];
  withFiles(draft, (file, path) => named.push({ file, path: [...path] }));
  const looked = named.map(async ({ file, path }): Promise<Fault[]> => {
    if (!grants.has(file)) return [{ path, message: 'This file is not open here any more: choose it again.' }];
    const real = grants.pathOf(file);
    return access(real).then(
      () => [],
      () => [{ path, message: `\`${basename(real)}\` is not where it was: put it back, or choose another file.` }],
    );
  });
  return (await Promise.all(looked)).flat();
}
