import { expect, test } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import type { Program } from '../../program/program.ts';
import { validateSpecification } from '../../specification/specification.ts';
import { loadData } from '../data/load-data.ts';
import { withEngine } from '../engine-session.ts';
import { Listener } from '../small-run.test-support.ts';
import { networksOf } from '../training/trained-model.ts';
import { secondsPerStep } from './pace.ts';

test('the pace is that of every phase, so that a minute is not filled with steps as cheap as the first', async () => {
  const expert = { network: { kind: 'mlp', widths: [8] }, steps: 200, batch: 16, alpha: 1e-3, alphaFrom: 0.5 };
  const system = { kind: 'double-well-1d', samples: 200 };
  const given = validateSpecification({ system, experts: [expert], engine: 'wasm', threads: 1 }, 'pace');
  const follower = new Listener();
  const { data } = await loadData(given, follower);
  const [network] = networksOf(given, data.system);
  const compiled: Program[] = [];
  const seconds = await withEngine(given, follower, (engine) =>
    secondsPerStep(network!, data.training, noting(engine, compiled), 0),
  );
  expect(seconds).toBeGreaterThan(0);
  expect(network!.phases.length).toBe(3);
  expect(compiled.length).toBe(3);
});

const noting = (engine: Engine, compiled: Program[]): Engine =>
  new Proxy(engine, {
    get: (inner, name) => {
      if (name !== 'compile') return Reflect.get(inner, name, inner);
      return (program: Program) => {
        compiled.push(program);
        return inner.compile(program);
      };
    },
  });
