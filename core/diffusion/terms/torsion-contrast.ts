/**
 * Torsion contrast (method §5): which of several copies of a noised configuration, alike but for turned torsions, is the
 * data? `E(x) + log Σ exp(−E)` over x and its copies. Turning a part of a molecule about a bond by a uniform angle preserves
 * volume, so that the copies compare the noised density at points that a score, which sees slopes alone, cannot relate:
 * this term alone determines the populations of basins. Up to three torsions turn together, otherwise one, drawn for
 * each sample. First derivatives with respect to the weights only.
 */
import type { ConformationStatistics } from '../../models/conformation-statistics.ts';
import { rowOfBeads, turnedOne, turnedTogether } from '../../models/turns.ts';
import { each } from '../../models/vectors.ts';
import { mean } from '../../program/functions.ts';
import {
  add,
  broadcastTo,
  concat,
  exp,
  log,
  max,
  mul,
  neg,
  reshape,
  stopGradient,
  sub,
  sum,
  uniform,
} from '../../program/primitives.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';
import type { LossTerm } from '../loss-term.ts';
import { streams } from '../streams.ts';

const settings = {
  contrast: {
    type: 'number',
    min: 0,
    max: 1e3,
    default: 0,
    help: 'Weight of torsion contrast, which fits the populations of conformations; 0: off. 0.05 to 0.1 is usual.',
  },
  contrastCopies: {
    type: 'whole',
    min: 1,
    max: 64,
    default: 3,
    help: 'Copies with other torsions that each sample is compared with; more cost more and say a little more.',
  },
} as const satisfies SettingGroup;

type Own = Partial<SettingValue<typeof settings>>;

/** Most torsions that turn together: nearly every copy of more would overlap itself. */
const MOST_TOGETHER = 3;

export const torsionContrast = {
  name: 'torsionContrast',
  settings,
  weight: ({ contrast = 0 }) => contrast,
  firstStep: () => 0,
  work: () => 4,
  needsEnergy: 'contrast',
  needsStatistics: true,
  isValidated: true,
  of: ({ x, energy, energies, statistics }, { contrastCopies = 3 }) => {
    // Apart: the energy of x itself is that of the score, and computed once.
    const own = energy!(x);
    const all = concat([reshape(own, [1]), energies!(turnedCopies(x, statistics!, contrastCopies))], 0);
    const least = stopGradient(neg(max(neg(all), [0])));
    return add(sub(own, least), log(sum(exp(sub(least, all)))));
  },
} as const satisfies LossTerm<Own>;

/** [N, 3] → [copies, N, 3]: turned torsions, centred. */
export function turnedCopies(x: Tensor, { beads, rotatable }: ConformationStatistics, copies: number): Tensor {
  const position = rowOfBeads(x);
  const angles = (i: number) => mul(uniform([copies, 1], streams.contrastAngles + i), 2 * Math.PI);
  const turned =
    rotatable.length <= MOST_TOGETHER
      ? turnedTogether(
          each(position, (values) => broadcastTo(values, [copies, beads])),
          rotatable,
          angles,
        )
      : turnedOne(position, rotatable, uniform([1, 1], streams.contrastTorsion), angles(0));
  const centred = each(turned, (values) => sub(values, reshape(mean(values, [1]), [copies, 1])));
  return concat(
    centred.map((values) => reshape(values, [copies, beads, 1])),
    2,
  );
}
