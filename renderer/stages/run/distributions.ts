/** What is in the results of a run, picked out by set and axis. */
import type { Distribution, Profile, Results, SetName } from '../../../core/host/contract.ts';

export const distributionOf = (results: Results | undefined, set: SetName): Distribution | undefined =>
  results?.distributions.find((distribution) => distribution.set === set);

/** Along one axis, of the sets that have one, in the order given. */
export function profilesOf(
  results: Results,
  axis: number,
  sets: readonly SetName[],
): { readonly set: SetName; readonly profile: Profile }[] {
  return sets.flatMap((set) => {
    const profile = distributionOf(results, set)?.profiles.find((each) => each.axis === axis);
    return profile ? [{ set, profile }] : [];
  });
}
