/** Rules between the settings of the diffusion method, and its defaults that depend on other settings. */
import { termsOf } from '../../diffusion/loss-terms.ts';
import type { SystemClass } from '../../models/network.ts';
import { kindsFor, networkOf } from '../../models/networks.ts';
import type { Fault } from '../../setting.ts';
import type { DiffusionSettings, ExpertSettings } from './settings.ts';

export function withDefaults<S extends DiffusionSettings>(given: S, system: SystemClass): S {
  return {
    ...given,
    experts: given.experts.map((expert) => {
      const [from, to] = expert.range;
      const { weightMidpoint, network }: Partial<ExpertSettings> = expert;
      return {
        ...expert,
        network: network ?? ({ kind: kindsFor(system)[0] } as ExpertSettings['network']),
        // Twelve digits: (0.1 + 0.6) / 2 should be written into run.json as 0.35.
        weightMidpoint: weightMidpoint ?? Number(((from + to) / 2).toPrecision(12)),
      };
    }),
  };
}

export const faults = ({ experts, sample }: DiffusionSettings, system: SystemClass): Fault[] => [
  ...coverageGaps(experts),
  ...experts.flatMap(networkFaults(system)),
  ...experts.flatMap(expertFaults(system)),
  ...samplingFaults(experts, sample),
];

function samplingFaults(experts: readonly ExpertSettings[], { steps }: DiffusionSettings['sample']): Fault[] {
  if (steps >= experts.length) return [];
  const message = `\`sample.steps\` is ${steps}; it must be at least the number of experts, ${experts.length}.`;
  return [{ path: ['sample', 'steps'], message }];
}

function coverageGaps(experts: readonly ExpertSettings[]): Fault[] {
  const rule = 'together the experts must cover 0 to 1 in order, without gap or overlap.';
  const gaps: Fault[] = [];
  let end = 0;
  for (const [index, { range }] of experts.entries()) {
    if (range[0] !== end) {
      const before = index === 0 ? 'time begins at 0' : `\`experts[${index - 1}].range\` ends at ${end}`;
      const message = `\`experts[${index}].range\` begins at ${range[0]} but ${before}: ${rule}`;
      gaps.push({ path: ['experts', index, 'range'], message });
    }
    end = range[1];
  }
  if (end === 1) return gaps;
  const last = experts.length - 1;
  const message = `\`experts[${last}].range\` ends at ${end} but time ends at 1: ${rule}`;
  return [...gaps, { path: ['experts', last, 'range'], message }];
}

const expertFaults =
  (system: SystemClass) =>
  (expert: ExpertSettings, index: number): Fault[] => {
    const key = `experts[${index}]`;
    const [from, to] = expert.range;
    const found: Fault[] = [];
    for (const { needsEnergy, weight } of termsOf(expert)) {
      if (needsEnergy === undefined || expert.conservative) continue;
      const message =
        `\`${key}.${needsEnergy}\` is ${weight(expert)} but the expert has no energy to regularise: ` +
        `set \`${key}.${needsEnergy}\` to 0 or \`${key}.conservative\` to true.`;
      found.push({ path: ['experts', index, needsEnergy], message });
    }
    for (const { needsStatistics, settings: own } of system === 'toy' ? termsOf(expert) : []) {
      if (!needsStatistics) continue;
      const [name] = Object.keys(own) as [keyof ExpertSettings & string];
      const message = `\`${key}.${name}\` is for molecules: set it to 0 for a toy system.`;
      found.push({ path: ['experts', index, name], message });
    }
    if (networkOf(expert.network).isInvariant && !expert.conservative) {
      const message = `\`${key}.conservative\` is false, but the network ${expert.network.kind} is an energy: set it to true.`;
      found.push({ path: ['experts', index, 'conservative'], message });
    }
    if (termsOf(expert).length === 0) {
      const message = `\`${key}\` has no loss term with a weight: set \`${key}.denoising\` to 1.`;
      found.push({ path: ['experts', index, 'denoising'], message });
    }
    if (expert.weightMidpoint <= from || expert.weightMidpoint >= to) {
      const message =
        `\`${key}.weightMidpoint\` is ${expert.weightMidpoint}; ` +
        `it must lie inside \`${key}.range\`, above ${from} and below ${to}.`;
      found.push({ path: ['experts', index, 'weightMidpoint'], message });
    }
    return found;
  };

const networkFaults =
  (system: SystemClass) =>
  ({ network }: ExpertSettings, index: number): Fault[] => {
    const kinds = kindsFor(system);
    if (kinds.includes(network.kind)) return [];
    const systems = system === 'molecule' ? 'molecules take' : 'toy systems take';
    const message = `\`experts[${index}].network.kind\` is ${network.kind}, but ${systems} ${oneOf(kinds)}.`;
    return [{ path: ['experts', index, 'network', 'kind'], message }];
  };

/** "a", "a or b", "a, b or c". */
const oneOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
