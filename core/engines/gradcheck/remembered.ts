/**
 * An oracle that answers from memory what it was asked before in the same order: one engine after the other is checked
 * with the same questions, and the differences that the oracle takes are nearly all of the work.
 */
import type { Program } from '../../program/program.ts';
import type { Call, Engine, Executable, Results } from '../engine.ts';

export interface Remembered extends Engine {
  /** The questions begin anew. */
  again(): void;
}

export function remembered(oracle: Engine): Remembered {
  const answers: { readonly question: string; readonly results: Results }[] = [];
  let next = 0;
  return {
    ...oracle,
    again: () => {
      next = 0;
    },
    compile: async (program) => {
      let executable: Executable | undefined;
      return {
        run: async (call) => {
          const place = next++;
          const question = questionOf(program, call);
          const known = answers[place];
          if (known?.question === question) return known.results;
          executable ??= await oracle.compile(program);
          const results = await executable.run(call);
          answers[place] = { question, results };
          return results;
        },
        dispose: () => executable?.dispose(),
      };
    },
  };
}

/** The numbers of it as one number (FNV). */
function questionOf({ name }: Program, { samples, inputs }: Call): string {
  let hash = 0x811c9dc5;
  const double = new Float64Array(1);
  const halves = new Uint32Array(double.buffer);
  for (const values of Object.values(inputs)) {
    for (let i = 0; i < values.length; i++) {
      double[0] = values[i]!;
      hash = Math.imul(hash ^ halves[0]!, 0x01000193);
      hash = Math.imul(hash ^ halves[1]!, 0x01000193);
    }
  }
  return `${name} ${samples} ${Object.keys(inputs).join()} ${hash}`;
}
