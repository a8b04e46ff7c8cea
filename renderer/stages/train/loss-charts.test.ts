import { expect, it } from 'vitest';
import type { TrainedNetworkFacts } from '../../../core/host/contract.ts';
import { lossCharts } from './loss-charts.ts';
import { LossRecord } from './loss-record.ts';

const term = (name: string, from = 0) => ({ name, title: `${name} loss`, short: name, axis: `${name} axis`, from });
const network = (title: string, ...terms: ReturnType<typeof term>[]): TrainedNetworkFacts => ({
  title,
  facts: [],
  steps: 100,
  batch: 8,
  terms,
  phases: [{ from: 0, work: 1 }],
});
const networks = [network('First', term('fit'), term('smoothness', 50)), network('Second', term('fit'))];

function record(): LossRecord {
  const losses = new LossRecord();
  losses.add([
    { network: 0, step: 10, terms: { fit: 3 } },
    { network: 0, step: 60, terms: { fit: 2, smoothness: 9 } },
    { network: 1, step: 10, terms: { fit: 5 } },
  ]);
  return losses;
}

it('has a chart for each term, with the networks that have it', () => {
  const charts = lossCharts(networks, record(), []);
  expect(charts.map(({ title, axis }) => [title, axis])).toEqual([
    ['fit loss', 'fit axis'],
    ['smoothness loss', 'smoothness axis'],
  ]);
  expect(charts[0]!.curves).toEqual([
    { name: 'First', x: [10, 60], y: [3, 2], colour: 0 },
    { name: 'Second', x: [10], y: [5], colour: 1 },
  ]);
  expect(charts[1]!.curves).toEqual([{ name: 'First', x: [10, 60], y: [Number.NaN, 9], colour: 0 }]);
});

it('a term that is validated has a dashed curve of its network, and others have none', () => {
  const charts = lossCharts(networks, record(), [
    { network: 1, step: 20, terms: { fit: 6 } },
    { network: 1, step: 40, terms: { fit: 7 } },
  ]);
  expect(charts[0]!.curves.map(({ name }) => name)).toEqual(['First', 'Second', 'Second, validation']);
  expect(charts[0]!.curves[2]).toMatchObject({ x: [20, 40], y: [6, 7], colour: 1, dash: 'dashed', bare: true });
  expect(charts[1]!.curves).toHaveLength(1);
});

it('a run without networks has no charts', () => {
  expect(lossCharts([], record(), [])).toEqual([]);
});

it('terms that belong together are curves of one chart, each under its own name and in its own colour', () => {
  const field = (h: number) => ({
    ...term(`field ${h}`),
    axis: 'size',
    together: { chart: 'Field', curve: `h = ${h}` },
  });
  const losses = new LossRecord();
  losses.add([{ network: 0, step: 5, terms: { 'field 0.1': 1, 'field 0.4': 2 } }]);
  const charts = lossCharts([network('Generator', field(0.1), field(0.4))], losses, []);
  expect(charts).toHaveLength(1);
  expect(charts[0]).toMatchObject({ title: 'Field', axis: 'size' });
  expect(charts[0]!.curves).toEqual([
    { name: 'h = 0.1', x: [5], y: [1], colour: 0 },
    { name: 'h = 0.4', x: [5], y: [2], colour: 1 },
  ]);
});
