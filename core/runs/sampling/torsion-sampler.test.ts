import { afterAll, describe, expect, test } from 'vitest';
import { loadEngine } from '../../engines/registry.ts';
import {
  chainFrames,
  chainSystem,
  smallMolecularRun,
  smallMolecularSpecification,
} from '../small-molecule.test-support.ts';
import { gathered, Listener, untrained } from '../small-run.test-support.ts';
import { simulateRun, type TrainedRun } from './from-model.ts';
import { piecesOf } from './torsion-sampler.ts';

const engines = await Promise.all([1, 2].map((threads) => loadEngine('wasm', { threads })));
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));
const beads = 5;
const replicas = 6;
const data = { dimension: 3 * beads, count: 200, values: chainFrames(beads, 200, 1) };

/** Whether a network has learned anything matters nothing for what holds of any. */
function chainRun(simulate: object, beads = 5, conservative = true): TrainedRun {
  const experts = smallMolecularRun.experts.map((expert) => ({ ...expert, alpha: 0, conservative }));
  const base = { replicas, steps: 120, stride: 10, equilibration: 15, timeStep: 0.001, friction: 10 };
  const source = { structure: 'chain.pdb', trajectories: [] };
  const specification = smallMolecularSpecification([source], {}, { experts, simulate: base });
  const system = chainSystem(beads, specification);
  const settings = { ...specification.simulate, torsionMoves: 2, torsionMovesEvery: 8, ...simulate };
  return {
    specification: { ...specification, simulate: settings },
    system,
    networks: untrained(specification, system),
  };
}

async function simulated(run: TrainedRun, threads = 1) {
  const { take, values } = gathered();
  const listener = new Listener();
  const outcome = await simulateRun(run, async () => data, engines[threads - 1]!, listener, take);
  return { values: values(), said: listener.said, ...outcome };
}

const frame = (values: readonly number[], index: number) => {
  const width = 3 * beads * replicas;
  return values.slice(width * index, width * (index + 1));
};

describe('a simulation with torsion moves', () => {
  test('is the same on any number of threads and for any stride, and says how many were accepted', async () => {
    const { values, torsionAcceptance, said } = await simulated(chainRun({}));
    expect(torsionAcceptance).toBeGreaterThan(0);
    expect(torsionAcceptance).toBeLessThanOrEqual(1);
    expect(said.join()).toContain('of the torsion moves were accepted. The simulation samples and is no dynamics');
    const two = await simulated(chainRun({}), 2);
    expect(two.values).toEqual(values);
    expect(two.torsionAcceptance).toBe(torsionAcceptance);
    const { values: every } = await simulated(chainRun({ stride: 1 }));
    for (let i = 0; i < 12; i++) expect(frame(every, 10 * i + 9)).toEqual(frame(values, i));
    const { values: late } = await simulated(chainRun({ equilibration: 35, steps: 100 }));
    expect(late).toEqual(values.slice(2 * 3 * beads * replicas));
  });

  test('differs from one without from the first move on', async () => {
    const { values: moved } = await simulated(chainRun({ stride: 1, equilibration: 0 }));
    const plain = await simulated(chainRun({ stride: 1, equilibration: 0, torsionMoves: 0 }));
    expect(plain.torsionAcceptance).toBeUndefined();
    expect(plain.said).toEqual([]);
    // The frame after step 8 is taken before the moves that follow it.
    expect(moved.slice(0, 8 * 3 * beads * replicas)).toEqual(plain.values.slice(0, 8 * 3 * beads * replicas));
    expect(frame(moved, 8)).not.toEqual(frame(plain.values, 8));
  });

  test('is refused in a sentence where nothing can turn, and where there is no energy', async () => {
    await expect(simulated(chainRun({}, 3))).rejects.toThrow('no bond between the beads can turn: set it to 0');
    await expect(simulated(chainRun({}, 5, false))).rejects.toThrow('has no energy to accept them with: set it to 0');
  });
});

describe('the calls of a simulation', () => {
  test.each([
    [0, 100, 10, 20],
    [0, 100, 10, 7],
    [13, 50, 25, 20],
    [7, 40, 40, 3],
    [5, 9, 1, 4],
  ])(
    'from step %i on, %i steps: frames every %i and moves every %i, and no call more',
    (first, count, stride, every) => {
      const frames: number[] = [];
      const moves: number[] = [];
      let step = 0;
      const pieces = piecesOf(first, count, stride, every);
      for (const piece of pieces) {
        for (let i = piece.stride; i <= piece.steps && piece.hasFrames; i += piece.stride) frames.push(step + i);
        step += piece.steps;
        if (piece.moves) moves.push(first + step);
      }
      const multiples = (of: number, from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => from + i + 1).filter((value) => value % of === 0);
      expect(step).toBe(count);
      expect(frames).toEqual(multiples(stride, 0, count));
      expect(moves).toEqual(multiples(every, first, first + count));
      expect(pieces.length).toBeLessThanOrEqual(2 * (frames.length + moves.length) + 1);
    },
  );

  test('are one without moves', () => {
    expect(piecesOf(3, 60, 20)).toEqual([{ steps: 60, stride: 20, hasFrames: true, moves: false }]);
  });
});
