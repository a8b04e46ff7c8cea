/**
 * The energy of a configuration as the model sees it at the diffusion time of the force, in kT; its zero is the model's
 * own. Undefined for a model without one, and until it can be computed: it is compiled beside the simulation.
 */
import type { Executable } from '../../engines/engine.ts';
import { mul } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import type { SimulationScene } from '../../runs/spectator.ts';

export class PotentialEnergy {
  readonly #scene: SimulationScene;
  #compiling: Promise<void> | undefined;
  #program: Executable | undefined;
  #isDisposed = false;

  constructor(scene: SimulationScene) {
    this.#scene = scene;
  }

  /** nm. */
  async of(positions: Float32Array): Promise<number | undefined> {
    const { force, options } = this.#scene;
    if (!force.hasEnergy) return undefined;
    this.#compiling ??= this.#compile().catch(() => undefined);
    if (!this.#program) return undefined;
    const fixed = { inverseScale: [1 / options.scale], t: [options.evaluationTime] };
    const inputs = { ...force.inputs, ...fixed, x: positions };
    const { energy } = await this.#program.run({ samples: 1, inputs });
    return energy![0]!;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#program?.dispose();
  }

  async #compile(): Promise<void> {
    const { force, engine } = this.#scene;
    const { model } = force;
    const fixed = { inverseScale: { shape: [] }, t: { shape: [] } };
    const specs = { ...model.inputs, ...fixed, x: { shape: model.shape, perSample: true } };
    const program = trace('energy', specs, (inputs) => ({
      end: { energy: model.field(inputs).energy!(mul(inputs.x, inputs.inverseScale), inputs.t) },
    }));
    const compiled = await engine.compile(program);
    if (this.#isDisposed) compiled.dispose();
    else this.#program = compiled;
  }
}
