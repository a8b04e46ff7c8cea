import { expect, test } from 'vitest';
import { validateSpecification } from '../specification/specification.ts';
import { prepared } from './pipeline.ts';
import { Listener } from './small-run.test-support.ts';

test('the time that a person has counts for a toy, too, whose data are still to be generated', async () => {
  const stepsIn = async (minutes: number) => {
    const system = { kind: 'double-well-1d', samples: 1000 };
    const given = validateSpecification({ method: 'auto', minutes, system, engine: 'wasm', threads: 1 }, 'toy');
    const { specification } = await prepared(given, new Listener());
    return specification.method === 'diffusion' ? specification.experts.map(({ steps }) => steps) : [];
  };
  const [whole] = await stepsIn(0);
  const [part] = await stepsIn(1e-4);
  expect(whole).toBeGreaterThan(1000);
  expect(part).toBeLessThan(whole! / 10);
  expect(part).toBeGreaterThanOrEqual(1);
});

test('a toy keeps its own time step, which is no time of hydrogen', async () => {
  const system = { kind: 'mueller-brown', samples: 100 };
  const given = validateSpecification({ method: 'auto', system }, 'toy');
  const { specification } = await prepared(given, new Listener());
  expect(specification.simulate.timeStep).toBe(5e-3);
});
