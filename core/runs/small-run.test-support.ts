/** For tests only: runs that take a second, in folders that vanish, and a follower that remembers what it was told. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '../formats/safetensors.ts';
import type { EvaluatedModel, SamplingPlan, TrainedNetwork } from '../methods/method.ts';
import { methodOf } from '../methods/methods.ts';
import { initialValues } from '../models/parameters.ts';
import type { Specification, SpecificationOf, ToySpecification } from '../specification/settings.ts';
import { validateSpecification } from '../specification/specification.ts';
import type { TakeRows } from '../storage/row-sink.ts';
import type { Progress } from '../task.ts';
import { type DataSet, trainingSet } from './data/data-set.ts';
import type { RunData } from './data/run-data.ts';
import { systemOf } from './data/run-system.ts';
import type { Follower } from './follower.ts';
import type { RunRecord } from './run-folder.ts';
import { networksOf } from './training/trained-model.ts';

/** Three experts, each of another kind; any group may be replaced. */
export const smallSpecification = (changes: object = {}): SpecificationOf<'diffusion'> =>
  validateSpecification({ ...smallRun, ...changes }, 'small.yaml') as SpecificationOf<'diffusion'>;

export const smallRun = {
  name: 'small',
  system: { kind: 'double-well-2d', samples: 500 },
  experts: [
    { range: [0, 0.2], ...expert([12, 8]), alpha: 1e-3 },
    { range: [0.2, 0.6], ...expert([8]), conservative: true },
    { range: [0.6, 1], ...expert([8]), conservative: false },
  ],
  sample: { count: 300, solver: 'em', steps: 40 },
  simulate: { replicas: 20, steps: 200, stride: 10, equilibration: 30 },
  evaluate: { residualPoints: 12 },
  engine: 'wasm',
  threads: 2,
  checkpoint: { everySteps: 50 },
};

function expert(widths: number[]) {
  return { network: { kind: 'mlp', widths }, steps: 300, batch: 24, learningRate: [3e-3, 1e-4] };
}

export const recordOf = (specification: Specification, command = 'train'): RunRecord => ({
  format: 'ergodic-run-1',
  specification,
  command,
  finished: false,
  created: '2030-01-01T00:00:00.000Z',
  versions: {},
  seconds: {},
});

export class Listener implements Follower {
  readonly stop = new AbortController();
  readonly signal = this.stop.signal;
  readonly said: string[] = [];
  readonly reports = new Map<string, Progress[]>();
  readonly #heard: (progress: Progress) => void;

  /** `heard` may stop the work. */
  constructor(heard: (progress: Progress, stop: AbortController) => void = () => undefined) {
    this.#heard = (progress) => heard(progress, this.stop);
  }

  task(name: string) {
    const own: Progress[] = [];
    this.reports.set(name, own);
    const report = (progress: Progress) => {
      own.push(progress);
      this.#heard(progress);
    };
    return { name, signal: this.signal, report };
  }

  say(line: string) {
    this.said.push(line);
  }
}

/** Of a small specification. */
export const toyOf = ({ system }: Specification): ToySpecification => {
  if (system.kind === 'molecule') throw new Error('not a toy');
  return system;
};

/** A data set as the data of a toy's run. */
export function runDataOf(specification: Specification, data: DataSet): RunData {
  const system = systemOf({ specification });
  const measured = { name: 'toy', shape: system.shape, count: data.count, positions: data.values };
  return { system, training: [trainingSet(measured, system)], validation: [], reference: data, known: data };
}

/** A folder that is gone at the end of the test. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'ergodic-test-'));
  return { path, in: (name: string) => join(path, name), [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** The tensors of a file, as text that can be compared. */
export function tensorsIn(path: string): Record<string, string> {
  const { tensors } = decodeSafetensors(readFileSync(path), path);
  return Object.fromEntries(
    [...tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    ]),
  );
}

/** Names of the files in a folder that are none of a person's business. */
export const leftoversIn = (path: string): string[] => readdirSync(path).filter((name) => name.startsWith('.'));

/** Networks as they are before training: for what holds whatever the weights are. */
export const untrained = (specification: Specification, system = systemOf({ specification })): TrainedNetwork[] =>
  networksOf(specification, system).map((network, index) => ({
    network,
    parameters: initialValues(network.layout, index),
    ...(system.features ? { features: system.features.values } : {}),
  }));

/** How samples are drawn with these networks. */
export const planOf = (specification: Specification, networks: readonly TrainedNetwork[]): SamplingPlan =>
  methodOf(specification).samplingPlan(networks, specification);

/** What a simulation takes its force from. */
export const forceOf = (specification: Specification, networks: readonly TrainedNetwork[]): EvaluatedModel =>
  methodOf(specification).force!(networks, specification.simulate.evaluationTime);

/** Collects what is made block by block. */
export function gathered() {
  const blocks: number[][] = [];
  const take: TakeRows = async (rows) => {
    blocks.push([...rows]);
  };
  return { blocks, take, values: () => blocks.flat() };
}
