/**
 * What the `units` attribute of a NetCDF variable multiplies its numbers with to give nm, ps, amu and kJ/mol:
 * products and quotients of names, "kilocalorie/mole/angstrom", as AMBER, cpptraj, mdtraj, MDAnalysis and LAMMPS spell
 * them. Upper case, plurals and unbalanced brackets (LAMMPS) are forgiven.
 */
import { ANGSTROM, ELECTRONVOLT, FEMTOSECOND, KILOCALORIE } from '../../units.ts';

/** A unit of energy is one per mole here, so that "mole" changes nothing. */
const NAMES = new Map(
  Object.entries({
    angstrom: ANGSTROM,
    a: ANGSTROM,
    å: ANGSTROM,
    nanometer: 1,
    nanometre: 1,
    nm: 1,
    picosecond: 1,
    ps: 1,
    femtosecond: FEMTOSECOND,
    fs: FEMTOSECOND,
    nanosecond: 1000,
    ns: 1000,
    kilocalorie: KILOCALORIE,
    kcal: KILOCALORIE,
    kilojoule: 1,
    kj: 1,
    electronvolt: ELECTRONVOLT,
    ev: ELECTRONVOLT,
    mole: 1,
    mol: 1,
    amu: 1,
    dalton: 1,
    degree: 1,
    deg: 1,
    radian: 180 / Math.PI,
    rad: 180 / Math.PI,
  }),
);

/** Undefined for a unit that is not known. */
export function factorOfUnit(units: string): number | undefined {
  let factor = 1;
  let divides = false;
  // Whether everything inside the brackets that are open divides.
  const brackets: boolean[] = [false];
  for (const [token] of units.toLowerCase().matchAll(/[()]|[/*·. -]|\p{L}+(\^\d)?|./gu)) {
    if (token === '(') {
      brackets.push(divides !== brackets.at(-1));
      divides = false;
    } else if (token === ')') {
      if (brackets.length > 1) brackets.pop();
    } else if (token === '/') {
      divides = true;
    } else if (/^[*·. -]$/.test(token)) {
      // A space around a slash is not a product.
      if (token !== ' ') divides = false;
    } else {
      const [name, power = '1'] = token.split('^') as [string, string?];
      const known = NAMES.get(name) ?? NAMES.get(name.replace(/s$/, ''));
      if (known === undefined) return undefined;
      const exponent = Number(power) * (divides !== brackets.at(-1) ? -1 : 1);
      factor *= known ** exponent;
      divides = false;
    }
  }
  return factor;
}
