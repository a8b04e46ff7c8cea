/**
 * The charts of a training: one for each term of the loss that any of its networks has, in the order in which they come,
 * with a curve for each network that has it and a dashed one where the term is measured on held-out frames, too.
 * Titles and axes come with the networks; nothing here knows a term by name.
 */
import type { TrainedNetworkFacts, TrainingPoint } from '../../../core/host/contract.ts';
import type { Curve } from '../../views/chart/curves.ts';
import type { LossRecord } from './loss-record.ts';

export interface LossChart {
  readonly term: string;
  readonly title: string;
  readonly axis: string;
  readonly curves: readonly Curve[];
}

export function lossCharts(
  networks: readonly TrainedNetworkFacts[],
  losses: Pick<LossRecord, 'curve'>,
  validation: readonly TrainingPoint[],
): LossChart[] {
  const terms = new Map(networks.flatMap((network) => network.terms.map((term) => [term.name, term] as const)));
  return [...terms.values()].map(({ name, title, axis }) => {
    const having = networks.flatMap((network, index) =>
      network.terms.some((term) => term.name === name) ? [{ title: network.title, index }] : [],
    );
    const trained = having.map((network): Curve => {
      const { steps, values } = losses.curve(network.index, name);
      return { name: network.title, x: steps, y: values, colour: network.index };
    });
    return {
      term: name,
      title,
      axis,
      curves: [...trained, ...having.flatMap((one) => heldOut(one, name, validation))],
    };
  });
}

function heldOut(
  { title, index }: { title: string; index: number },
  term: string,
  validation: readonly TrainingPoint[],
): Curve[] {
  const points = validation.filter(({ network, terms }) => network === index && terms[term] !== undefined);
  if (points.length === 0) return [];
  return [
    {
      name: `${title}, validation`,
      x: points.map(({ step }) => step),
      y: points.map(({ terms }) => terms[term]!),
      colour: index,
      dash: 'dashed',
      bare: true,
    },
  ];
}
