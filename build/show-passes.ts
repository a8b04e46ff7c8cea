/**
 * `npm run passes [mlp|transformer] [training|force] [passes|shaders]`: a real program before and after each pass, then
 * its units of work; or the shaders that a GPU is given. For a reader of core/program/passes and
 * core/engines/webgpu; writes to standard output.
 */

import { type Expert, expertModel } from '../core/diffusion/expert.ts';
import { trainingStep } from '../core/diffusion/training-step.ts';
import { modelForce } from '../core/dynamics/force-field.ts';
import { langevinProgram } from '../core/dynamics/langevin.ts';
import { printShaders } from '../core/engines/webgpu/plan-program.ts';
import { optimise } from '../core/program/passes/optimise.ts';
import { printProgram, printUnits } from '../core/program/print.ts';

const [network = 'mlp', what = 'training', form = 'passes'] = process.argv.slice(2);
const networks: Record<string, Expert['network']> = {
  mlp: { kind: 'mlp', dimension: 2, widths: [8] },
  transformer: { kind: 'graph-transformer', beads: 3, hidden: 8, layers: 1, heads: 2, headWidth: 4 },
};
const chosen = networks[network];
const expert: Expert | undefined = chosen && {
  range: [0, 1],
  network: chosen,
  conservative: true,
  alpha: 5e-4,
  residual: 'exact',
  midpoint: 0.5,
};
if (!expert || !['training', 'force'].includes(what) || !['passes', 'shaders'].includes(form)) {
  console.error('Usage: npm run passes -- [mlp|transformer] [training|force] [passes|shaders]');
  process.exit(2);
}
const program = what === 'training' ? trainingStep(expert) : langevinProgram('baoab', modelForce(expertModel(expert)));
if (form === 'shaders') console.log(printShaders(program));
else {
  console.log(`=== traced\n${printProgram(program)}`);
  const done = optimise(program, (name, after) => console.log(`=== after: ${name}\n${printProgram(after)}`));
  console.log(`=== units of work\n${printUnits(done)}`);
}
