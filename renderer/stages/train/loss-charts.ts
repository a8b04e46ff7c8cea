/**
 * The charts of a training: one for each term of the loss that any of its networks has (terms that belong together are
 * curves of one chart), in the order in which they come,
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

type Term = TrainedNetworkFacts['terms'][number];

export function lossCharts(
  networks: readonly TrainedNetworkFacts[],
  losses: Pick<LossRecord, 'curve'>,
  validation: readonly TrainingPoint[],
): LossChart[] {
  const terms = new Map(networks.flatMap((network) => network.terms.map((term) => [term.name, term] as const)));
  const charts = new Map<string, LossChart>();
  for (const term of terms.values()) {
    const title = term.together?.chart ?? term.title;
    const before = charts.get(title);
    // Curves of one network in one chart are told apart by their own colours.
    const curves = curvesOf(
      term,
      networks,
      losses,
      validation,
      term.together ? (before?.curves.length ?? 0) : undefined,
    );
    const chart = before ?? { term: term.name, title, axis: term.axis, curves: [] };
    charts.set(title, { ...chart, curves: [...chart.curves, ...curves] });
  }
  return [...charts.values()];
}

function curvesOf(
  { name, together }: Term,
  networks: readonly TrainedNetworkFacts[],
  losses: Pick<LossRecord, 'curve'>,
  validation: readonly TrainingPoint[],
  firstColour: number | undefined,
): Curve[] {
  const having = networks.flatMap((network, index) =>
    network.terms.some((term) => term.name === name) ? [{ title: network.title, index }] : [],
  );
  const trained = having.map((network, i): Curve => {
    const { steps, values } = losses.curve(network.index, name);
    const colour = firstColour === undefined ? network.index : firstColour + i;
    return {
      name: together ? nameTogether(together.curve, network.title, having.length) : network.title,
      x: steps,
      y: values,
      colour,
    };
  });
  return [...trained, ...having.flatMap((one) => heldOut(one, name, validation))];
}

const nameTogether = (curve: string, network: string, networks: number): string =>
  networks > 1 ? `${curve}, ${network}` : curve;

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
