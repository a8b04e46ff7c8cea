import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { parseSpecification } from '../specification/specification.ts';
import { readLog } from '../storage/run-log.ts';
import { RunFolder, type RunRecord, readRunModel, readRunRecord } from './run-folder.ts';

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'ergodic-run-'));
  path = join(parent, 'deep', 'run');
});
afterEach(() => rmSync(parent, { recursive: true }));

const record: RunRecord = {
  format: 'ergodic-run-1',
  specification: parseSpecification('{}', 'spec.yaml'),
  command: 'run',
  finished: false,
  created: '2030-01-01T00:00:00.000Z',
  versions: { ergodic: '0.1.0', node: '24' },
  seconds: {},
};
const model = (value: number) => ({
  tensors: new Map([['w', { shape: [1], data: Float32Array.of(value) }]]),
  metadata: new Map([['note', 'x']]),
});

test('a run is written, closed, opened and read again', async () => {
  {
    await using run = await RunFolder.create(path, record);
    await run.log.append({ step: 1 });
    await run.writeModel(model(1));
    await run.writeCheckpoint(model(2));
    await run.writeMetrics({ pmf: 0.1 });
    await run.writeFigure('free-energy.svg', '<svg/>');
    await run.writeRecord({ ...record, finished: true, engine: 'wasm', seconds: { train: 1.5 } });
  }
  expect(readdirSync(path).toSorted()).toEqual(
    ['checkpoint.safetensors', 'figures', 'log.jsonl', 'metrics.json', 'model.safetensors', 'run.json'].toSorted(),
  );
  expect(await readRunRecord(path)).toEqual({ ...record, finished: true, engine: 'wasm', seconds: { train: 1.5 } });
  expect(await readRunModel(path)).toEqual(model(1));
  expect(JSON.parse(readFileSync(join(path, 'metrics.json'), 'utf8'))).toEqual({ pmf: 0.1 });
  await using again = await RunFolder.open(path);
  expect(await again.readCheckpoint()).toEqual(model(2));
  expect((await readLog(join(path, 'log.jsonl'))).records).toEqual([{ step: 1 }]);
});

test('two writers are refused, readers are not', async () => {
  await using run = await RunFolder.create(path, record);
  await run.writeModel(model(1));
  await expect(RunFolder.open(path)).rejects.toThrow('is in use by process');
  await expect(RunFolder.create(path, record)).rejects.toThrow('is in use by process');
  expect((await readRunModel(path)).tensors.get('w')?.data[0]).toBe(1);
});

test('a folder with a run, or with other things, is not written over', async () => {
  await (await RunFolder.create(path, record))[Symbol.asyncDispose]();
  await expect(RunFolder.create(path, record)).rejects.toThrow(`continue it with \`ergodic resume ${path}\``);
  writeFileSync(join(parent, 'letter.txt'), 'dear');
  await expect(RunFolder.create(parent, record)).rejects.toThrow('is neither empty nor a run');
  await expect(RunFolder.create(join(parent, 'letter.txt'), record)).rejects.toThrow(
    'is a file where a folder is needed',
  );
  expect(readFileSync(join(parent, 'letter.txt'), 'utf8')).toBe('dear');
});

test('leftovers of a killed writer are cleared away', async () => {
  await (await RunFolder.create(path, record))[Symbol.asyncDispose]();
  mkdirSync(join(path, 'figures'));
  writeFileSync(join(path, '.checkpoint.safetensors.0123456789ab.tmp'), 'half');
  writeFileSync(join(path, 'figures', '.residual.svg.0123456789ab.tmp'), 'half');
  await using _ = await RunFolder.open(path);
  expect(readdirSync(path, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([]);
});

test('what is no run, or a damaged one, is one sentence', async () => {
  await expect(RunFolder.open(path)).rejects.toThrow(`\`${path}\` is not a run (it has no \`run.json\`)`);
  await expect(readRunModel(path)).rejects.toThrow(ErgodicError);
  expect(readdirSync(parent)).toEqual([]);
  mkdirSync(path, { recursive: true });
  const text = JSON.stringify(record);
  for (let length = 0; length < text.length; length += 7) {
    writeFileSync(join(path, 'run.json'), text.slice(0, length));
    await expect(readRunRecord(path)).rejects.toThrow(/is damaged \(not JSON\)/);
  }
  writeFileSync(join(path, 'run.json'), '{"format":"ergodic-run-9"}');
  await expect(readRunRecord(path)).rejects.toThrow('`format` is wrong or missing');
  writeFileSync(join(path, 'run.json'), JSON.stringify({ ...record, specification: { seed: -1 } }));
  await expect(readRunRecord(path)).rejects.toThrow('`seed` is -1');
  writeFileSync(join(path, 'run.json'), text);
  await expect(readRunModel(path)).rejects.toThrow('has no trained model yet');
});

test('a run that is handed on with its data names them from its own folder', async () => {
  const specification = parseSpecification('system: { kind: double-well-1d, data: ../data.csv }', 'spec.yaml');
  {
    await using _ = await RunFolder.create(path, { ...record, specification });
  }
  expect((await readRunRecord(path)).specification.system).toMatchObject({ data: join(parent, 'deep', 'data.csv') });
});
