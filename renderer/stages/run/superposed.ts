/** One conformation of a molecule superposed on another, nm, so that the molecule does not tumble on the screen. */
import { move, superpose } from '../../../core/systems/superpose.ts';

/** The conformation as it is where it does not fit: of another molecule, or with a gap in it. */
export function superposed(positions: Float32Array, onto: Float32Array): Float32Array {
  if (positions.length !== onto.length || positions.length < 9) return positions;
  const motion = superpose(positions, onto);
  if (!Number.isFinite(motion.rmsd)) return positions;
  const laid = new Float32Array(positions.length);
  move(motion, positions, laid);
  return laid;
}
