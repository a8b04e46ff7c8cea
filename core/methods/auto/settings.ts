/** The settings of the automatic method: how long a person will wait. Everything else follows from the data. */
import type { SettingGroup, SettingValue } from '../../setting.ts';
import { sampling } from '../diffusion/settings.ts';

export const settings = {
  minutes: {
    type: 'number',
    min: 0,
    max: 100_000,
    unit: 'minutes',
    default: 0,
    help: 'Longest time to train; 0: as long as the samples come closer to the data.',
  },
} as const satisfies SettingGroup;

export { sampling };

export type AutoSettings = SettingValue<typeof settings> & { readonly sample: SettingValue<typeof sampling> };
