/** The table of loss terms, in the order in which they are added. */
import type { SettingValue } from '../setting.ts';
import type { LossTerm } from './loss-term.ts';
import { denoising } from './terms/denoising.ts';
import { fokkerPlanck } from './terms/fokker-planck.ts';

/** Added to the settings of every expert. */
export const termSettings = { ...denoising.settings, ...fokkerPlanck.settings };

export type TermSettings = SettingValue<typeof termSettings>;

export const lossTerms: readonly LossTerm<Partial<TermSettings>>[] = [denoising, fokkerPlanck];

/** Those with a weight. */
export const termsOf = (own: Partial<TermSettings>): LossTerm<Partial<TermSettings>>[] =>
  lossTerms.filter((term) => term.weight(own) !== 0);

/** Those that are measured on held-out frames. */
export const validatedTerms = (own: Partial<TermSettings>): LossTerm<Partial<TermSettings>>[] =>
  termsOf(own).filter(({ isValidated }) => isValidated);
