/** How a set of conformations is called and drawn, in every chart alike: the reference solid, models coloured and dashed. */
import type { SetName } from '../../../core/host/contract.ts';
import type { Curve } from './curves.ts';

export const setStyles: Record<SetName, { readonly title: string } & Pick<Curve, 'colour' | 'dash'>> = {
  reference: { title: 'Reference', colour: 'reference', dash: 'solid' },
  samples: { title: 'Samples', colour: 0, dash: 'dashed' },
  simulation: { title: 'Simulation', colour: 1, dash: 'dashed' },
};
