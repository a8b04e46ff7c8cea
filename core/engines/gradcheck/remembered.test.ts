import { expect, test } from 'vitest';
import { mul } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import type { Engine } from '../engine.ts';
import { referenceEngine } from '../reference/reference.ts';
import { remembered } from './remembered.ts';

const square = trace('square', { x: { shape: [] } }, ({ x }) => ({ end: { y: mul(x, x) } }));

test('what was asked before in the same order is not computed again; what was not, is', async () => {
  const oracle = referenceEngine();
  let computed = 0;
  const counting: Engine = {
    ...oracle,
    compile: async (program) => {
      const executable = await oracle.compile(program);
      const run = executable.run.bind(executable);
      return {
        run: (call) => {
          computed++;
          return run(call);
        },
        dispose: () => executable.dispose(),
      };
    },
  };
  const engine = remembered(counting);
  const ask = async (...values: number[]) => {
    const executable = await engine.compile(square);
    const answers: number[] = [];
    for (const x of values) answers.push((await executable.run({ samples: 1, inputs: { x: [x] } })).y![0]!);
    executable.dispose();
    return answers;
  };
  expect(await ask(2, 3)).toEqual([4, 9]);
  expect(computed).toBe(2);
  engine.again();
  expect(await ask(2, 3)).toEqual([4, 9]);
  expect(computed).toBe(2);
  engine.again();
  expect(await ask(2, 5, 3)).toEqual([4, 25, 9]);
  expect(computed).toBe(4);
});
