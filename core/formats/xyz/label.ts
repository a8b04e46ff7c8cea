/**
 * Which element the first word of an atom in an XYZ file means: "C", "Cl", "6", and with the numbers, charges and
 * marks that programs add to tell atoms apart, "C12", "Fe3+", "O_w". In capitals it may also be the name of an atom in
 * a residue: "CA" is then carbon, where "Ca" is calcium. "" for what is none: "X".
 */
import { elementByNumber, elementBySymbol, guessElement } from '../../systems/elements.ts';

export function elementOfLabel(label: string): string {
  if (/^\d+$/.test(label)) return elementByNumber(Number(label))?.symbol ?? '';
  const symbol = /^[A-Z][a-z]?(?![A-Za-z])/.exec(label)?.[0];
  return (symbol && elementBySymbol(symbol)?.symbol) || guessElement(label, '');
}
