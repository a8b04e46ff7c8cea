/**
 * Builds the product, once for all tests; set ERGODIC_BUILT where that was just done. No GPU is taken
 * unasked: most tests want the same bits on every machine.
 */
import { command } from '../build/processes.js';

export default function setUp(): void {
  process.env.ERGODIC_NO_GPU = '1';
  if (process.env.ERGODIC_BUILT) return;
  if (command('node', ['build/bundle.js']) !== 0) throw new Error('The build failed: see what it says above.');
}
