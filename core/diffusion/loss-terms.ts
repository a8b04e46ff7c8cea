/** The table of loss terms, in the order in which they are added. */
import type { SettingValue } from '../setting.ts';
import type { LossTerm } from './loss-term.ts';
import { denoising } from './terms/denoising.ts';
import { fokkerPlanck } from './terms/fokker-planck.ts';
import { forceMatching } from './terms/force-matching.ts';
import { torsionContrast } from './terms/torsion-contrast.ts';

const terms = {
  denoising,
  forceMatching,
  torsionContrast,
  fokkerPlanck,
} as const;

type Terms = typeof terms;
/** Of a union, what is all of its members at once. */
type Merged<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer All) => void ? All : never;

/** Added to the settings of every expert. */
export const termSettings: Merged<Terms[keyof Terms]['settings']> = Object.assign(
  {},
  ...Object.values(terms).map(({ settings }) => settings),
);

export type TermSettings = SettingValue<typeof termSettings>;

export const lossTerms: readonly LossTerm<Partial<TermSettings>>[] = Object.values(terms);

/** Those with a weight. */
export const termsOf = (own: Partial<TermSettings>): LossTerm<Partial<TermSettings>>[] =>
  lossTerms.filter((term) => term.weight(own) !== 0);

/** Those that are measured on held-out frames. */
export const validatedTerms = (own: Partial<TermSettings>): LossTerm<Partial<TermSettings>>[] =>
  termsOf(own).filter(({ isValidated }) => isValidated);
