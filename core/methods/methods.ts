/** The table of methods. The first is the default of a specification. */
import type { SettingGroup, SettingValue } from '../setting.ts';
import { auto } from './auto/auto.ts';
import { diffusion } from './diffusion/diffusion.ts';
import { drifting } from './drifting/drifting.ts';
import type { Method } from './method.ts';

export const methods = {
  diffusion,
  auto,
  drifting,
} as const;

type Methods = typeof methods;
export type MethodName = keyof Methods;
export type MethodSettings<M extends MethodName> = SettingValue<Methods[M]['settings']>;

export const methodNames = Object.keys(methods) as [MethodName, ...MethodName[]];
/** What a specification means that names none. */
export const defaultMethod = 'diffusion' satisfies MethodName;

/** The entry of a name, for any specification that has that name. */
export const methodOf = ({ method }: { readonly method: MethodName }): Method =>
  methods[method] satisfies { settings: SettingGroup } as unknown as Method;
