/**
 * The only place where a physical constant stands.
 * Units inside `core/`: nm, ps, amu, kJ/mol, K (so 1 kJ/mol = 1 amu·nm²/ps²).
 */

/** Boltzmann constant times Avogadro's number, kJ/(mol·K). */
export const BOLTZMANN = 0.00831446261815324;

/** Thermal energy in kJ/mol at a temperature in K. */
export const thermalEnergy = (kelvin: number): number => BOLTZMANN * kelvin;
