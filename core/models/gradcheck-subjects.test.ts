/** The networks on the engine that everybody has, at their smallest width; at all widths and engines: `ergodic gradcheck`. */
import { afterAll, expect, test } from 'vitest';
import { checkSubject } from '../engines/gradcheck/check-subject.ts';
import { GRADCHECK_WIDTHS, gradcheckTolerance } from '../engines/gradcheck.ts';
import { referenceEngine } from '../engines/reference/reference.ts';
import { wasmEngine } from '../engines/wasm/wasm.ts';
import { networkSubjects } from './gradcheck-subjects.ts';

const [oracle, engine] = [referenceEngine(), wasmEngine({ threads: 1 })];
afterAll(() => engine.dispose());

test.each(networkSubjects.map((subject) => [subject.what, subject] as const))(
  '%s has right derivatives',
  async (what, { build, widths = GRADCHECK_WIDTHS }) => {
    const { precision } = await engine.describe();
    const cases = await checkSubject(engine, oracle, what, build(Math.min(...widths)));
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter(({ relativeError: error }) => !(error <= gradcheckTolerance(precision)))).toEqual([]);
  },
);
