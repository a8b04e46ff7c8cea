/**
 * Curves of the Fokker–Planck residual: its spread over conformations where that was measured, because what depends on t
 * alone changes no force, and the mean of |R| of older evaluations. Where both stand side by side, each says which it is.
 */
import type { Residual } from '../../../core/host/contract.ts';
import type { Curve } from './curves.ts';

export interface NamedResidual {
  readonly name: string;
  readonly residual: Residual;
  readonly colour?: Curve['colour'];
  readonly dash?: Curve['dash'];
}

const SPREAD = 'spread of R';
const MEAN = 'mean |R|';

export function residualCurves(residuals: readonly NamedResidual[]): { curves: Curve[]; axis: string } {
  const spreads = residuals.filter(({ residual }) => residual.spread).length;
  const isMixed = spreads > 0 && spreads < residuals.length;
  const curves = residuals.map(
    ({ name, residual: { t, spread, meanAbsR }, colour, dash = 'solid' }, i): Curve => ({
      name: isMixed ? `${name}, ${spread ? SPREAD : MEAN}` : name,
      x: t,
      y: spread ?? meanAbsR,
      colour: colour ?? i,
      dash,
    }),
  );
  return { curves, axis: isMixed ? 'R / D' : `${spreads > 0 ? SPREAD : MEAN} / D` };
}
