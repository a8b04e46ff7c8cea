/**
 * A simulation as a window sees it while it runs: one replica moving, where it is in the plane, how warm all of them
 * are, what its energy is, and what all have visited so far. Looks only while a window has asked for frames.
 */
import type { Executable, Numbers } from '../../engines/engine.ts';
import { isMolecular } from '../../models/score-model.ts';
import { mul } from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import { dimensionOf } from '../../runs/run-system.ts';
import type { Moment, SimulationScene, SimulationView } from '../../runs/spectator.ts';
import { modelInputs } from '../../runs/trained-model.ts';
import { BOLTZMANN } from '../../units.ts';
import type { StreamFrame } from '../contract.ts';
import { PlaneCounts } from './plane-counts.ts';
import type { Watchers } from './watchers.ts';

/** Seconds: a little more often than thirty times in one. */
const INTERVAL = 1 / 36;
/** Seconds: a window whose credit has run out for a moment is still looking. */
const LINGER = 0.5;
/** Seconds between two temperatures, two energies, two pictures of the plane. */
const BETWEEN_TEMPERATURES = 0.2;
const BETWEEN_ENERGIES = 0.5;
const BETWEEN_COUNTS = 0.5;
/** Shares of the time that go into counting and into energies, at most; seconds of counting at once. */
const SHARE = 1 / 50;
const COUNTING = 0.004;
/** The last picture is of everything, unless that takes too long. */
const COUNTING_AT_LAST = 2;

const now = () => performance.now() / 1000;

export class SimulationWatch implements SimulationView {
  readonly #scene: SimulationScene;
  readonly #watchers: Watchers;
  readonly #show: (stream: string, frame: StreamFrame<'simulation'>) => void;
  readonly #counts: PlaneCounts | undefined;
  #wanted = Number.NEGATIVE_INFINITY;
  #nextTemperature = 0;
  #nextEnergy = 0;
  #nextCounting = 0;
  #nextCounts = 0;
  /** Compiled while the simulation goes on. */
  #compiling: Promise<void> | undefined;
  #energies: Executable | undefined;
  #isDisposed = false;

  constructor(
    scene: SimulationScene,
    watchers: Watchers,
    show: (stream: string, frame: StreamFrame<'simulation'>) => void,
  ) {
    this.#scene = scene;
    this.#watchers = watchers;
    this.#show = show;
    this.#counts = scene.made && new PlaneCounts(scene.system, scene.made);
  }

  get interval(): number | undefined {
    if (this.#watchers.wants('simulation')) this.#wanted = now();
    return now() - this.#wanted < LINGER ? INTERVAL : undefined;
  }

  async see({ step, positions, velocities, isLast }: Moment): Promise<void> {
    const { system, options } = this.#scene;
    const dimension = dimensionOf(system);
    const time = now();
    if (this.#counts?.isBehind && (isLast || time >= this.#nextCounting)) {
      await this.#counts.catchUp(isLast ? COUNTING_AT_LAST : COUNTING);
      this.#nextCounting = time + (now() - time) / SHARE;
    }
    const isDue = (next: number) => isLast || time >= next;
    const isEnergyDue = isDue(this.#nextEnergy);
    const shared = {
      ...(isDue(this.#nextTemperature) ? this.#temperature(time, velocities) : {}),
      ...(isDue(this.#nextCounts) ? this.#plane(time) : {}),
    };
    for (const { stream, replica, dropped } of this.#watchers.served('simulation')) {
      const place = Math.min(replica, options.replicas - 1) * dimension;
      const own = Float32Array.from(positions.subarray(place, place + dimension));
      const at = system.variables.points(own).map((values) => values[0]!);
      const energy = isEnergyDue ? await this.#energy(own) : {};
      this.#show(stream, { step, time: step * options.timeStep, positions: own, at, dropped, ...energy, ...shared });
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#energies?.dispose();
  }

  #temperature(time: number, velocities: Numbers): { temperature: number } {
    this.#nextTemperature = time + BETWEEN_TEMPERATURES;
    const { masses } = this.#scene.system;
    let sum = 0;
    for (let i = 0; i < velocities.length; i++) sum += masses[i % masses.length]! * velocities[i]! ** 2;
    const kT = sum / velocities.length;
    return { temperature: isMolecular(this.#scene.system.shape) ? kT / BOLTZMANN : kT };
  }

  #plane(time: number): Pick<StreamFrame<'simulation'>, 'counts'> {
    if (!this.#counts) return {};
    this.#nextCounts = time + BETWEEN_COUNTS;
    return { counts: this.#counts.counts };
  }

  /** In kT, at the diffusion time of the force; the zero is the model's own. */
  async #energy(positions: Float32Array): Promise<{ potentialEnergy?: number }> {
    const { expert, options } = this.#scene;
    if (!expert.expert.conservative) return {};
    this.#compiling ??= this.#compile().catch(() => undefined);
    if (!this.#energies) return {};
    const start = now();
    const inputs = {
      ...modelInputs(expert),
      x: positions,
      inverseScale: [1 / options.scale],
      t: [options.evaluationTime],
    };
    const { energy } = await this.#energies.run({ samples: 1, inputs });
    this.#nextEnergy = start + Math.max(BETWEEN_ENERGIES, (now() - start) / SHARE);
    return { potentialEnergy: energy![0]! };
  }

  async #compile(): Promise<void> {
    const { expert, engine } = this.#scene;
    const { model } = expert;
    const specs = {
      ...model.inputs,
      x: { shape: model.shape, perSample: true },
      inverseScale: { shape: [] },
      t: { shape: [] },
    };
    const program = trace('energy', specs, (inputs) => ({
      end: { energy: model.field(inputs).energy!(mul(inputs.x, inputs.inverseScale), inputs.t) },
    }));
    const energies = await engine.compile(program);
    if (this.#isDisposed) energies.dispose();
    else this.#energies = energies;
  }
}
