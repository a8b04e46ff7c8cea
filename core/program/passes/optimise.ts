/**
 * The passes in their order, by name, so that a reader can look at a program between any two of them.
 */
import type { Program } from '../program.ts';
import { canonicalise } from './canonicalise.ts';
import { mergeDuplicates } from './merge-duplicates.ts';
import { reassociate } from './reassociate.ts';
import type { Pass } from './rewrite.ts';
import { simplify } from './simplify.ts';

export const PASSES: readonly { readonly name: string; readonly pass: Pass }[] = [
  { name: 'simplify', pass: simplify },
  { name: 'merge duplicates', pass: mergeDuplicates },
  { name: 'simplify again', pass: simplify },
  { name: 'reassociate', pass: reassociate },
  { name: 'settle', pass: canonicalise },
  { name: 'merge duplicates again', pass: mergeDuplicates },
];

/** What nothing depends on is gone after the first pass: a rewritten program holds only what its results need. */
export const optimise = (program: Program, watch?: (name: string, program: Program) => void): Program =>
  PASSES.reduce((before, { name, pass }) => {
    const after = pass(before);
    watch?.(name, after);
    return after;
  }, program);
