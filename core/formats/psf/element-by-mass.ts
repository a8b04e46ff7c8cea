/**
 * The element an atom of a force field is by its mass, amu. Masses of force fields differ from the standard ones in
 * the third decimal; heavy hydrogens and united atoms match no element, and then the name has to say it.
 */
import { elements } from '../../systems/elements.ts';

/** Less than what parts helium (4.0026) from a hydrogen of four times its mass (4.032). */
const TOLERANCE = 0.025;

const sorted = [...elements].sort((a, b) => a.mass - b.mass);

/** Undefined where none or more than one has it. */
export function elementByMass(mass: number): string | undefined {
  const near = sorted.filter((element) => Math.abs(element.mass - mass) < TOLERANCE);
  return near.length === 1 ? near[0]!.symbol : undefined;
}
