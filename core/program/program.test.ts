import { expect, test } from 'vitest';
import { add, input, mul, spread, sumOverSamples } from './primitives.ts';
import { rootsOf, trace } from './program.ts';

test('a program keeps its inputs, its outputs and when they are recorded', () => {
  const program = trace(
    'walk',
    { x: { shape: [2], perSample: true, state: true }, drift: { shape: [2] }, kick: { shape: [2], perStep: true } },
    ({ x, drift, kick }) => {
      const next = add(add(x, drift), kick);
      return { state: { x: next }, end: { total: sumOverSamples(next) }, step: { next }, stride: { frame: next } };
    },
  );
  expect(program.inputs.map(({ name, perSample, perStep, state }) => [name, perSample, perStep, state])).toEqual([
    ['x', true, false, true],
    ['drift', false, false, false],
    ['kick', false, true, false],
  ]);
  expect(program.outputs.map(({ name, when }) => [name, when])).toEqual([
    ['total', 'end'],
    ['next', 'step'],
    ['frame', 'stride'],
  ]);
  expect(program.inputs[0]!.tensor.perSample).toBe(true);
  expect(program.outputs[0]!.tensor.perSample).toBe(false);
  expect(rootsOf(program)).toHaveLength(4);
});

test('state without a next value is a sentence', () => {
  expect(() => trace('p', { x: { shape: [], state: true } }, () => ({}))).toThrow(
    "Program 'p': 'x' is state but has no next value.",
  );
});

test('a next value for what is not state is a sentence', () => {
  expect(() => trace('p', { x: { shape: [] } }, ({ x }) => ({ state: { x } }))).toThrow(
    "Program 'p': 'x' is not declared as state.",
  );
});

test('shared state that becomes per-sample is a sentence', () => {
  expect(() => trace('p', { x: { shape: [], state: true } }, ({ x }) => ({ state: { x: spread(x) } }))).toThrow(
    "Program 'p': the shared state 'x' cannot become per-sample.",
  );
});

test('per-sample state may take a shared value', () => {
  const specs = { x: { shape: [], state: true, perSample: true }, y: { shape: [] } };
  expect(trace('p', specs, ({ y }) => ({ state: { x: y } })).inputs[0]!.next!.perSample).toBe(false);
});

test('arithmetic keeps the kind', () => {
  const x = input('x', [3], true);
  const w = input('w', [3], false);
  expect(mul(w, 2).perSample).toBe(false);
  expect(mul(x, w).perSample).toBe(true);
  expect(sumOverSamples(mul(x, w)).perSample).toBe(false);
  expect(add(sumOverSamples(x), w).perSample).toBe(false);
  expect(spread(w).perSample).toBe(true);
});
