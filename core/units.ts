/**
 * The only place where a physical constant stands.
 * Units inside `core/`: nm, ps, amu, kJ/mol, K (so 1 kJ/mol = 1 amu·nm²/ps²).
 */

/** Boltzmann constant times Avogadro's number, kJ/(mol·K). */
export const BOLTZMANN = 0.00831446261815324;

/** Thermal energy in kJ/mol at a temperature in K. */
export const thermalEnergy = (kelvin: number): number => BOLTZMANN * kelvin;

/** One ångström, nm. */
export const ANGSTROM = 0.1;

/** One femtosecond, ps. */
export const FEMTOSECOND = 0.001;

/** One thermochemical kilocalorie, kJ. */
export const KILOCALORIE = 4.184;

/** One electronvolt per particle, kJ/mol: the elementary charge times Avogadro's number, both exact since 2019. */
export const ELECTRONVOLT = 96.48533212331002;

/** CHARMM's unit of time, √(amu·Å² / (kcal/mol)), ps. */
export const AKMA_TIME = Math.sqrt(ANGSTROM ** 2 / KILOCALORIE);
