/**
 * A simulation as a window sees it while it runs: one replica moving, where it is in the plane, how warm all of them
 * are, what its energy is, and what all have visited so far. Looks only while a window has asked for frames.
 */
import type { Numbers } from '../../engines/engine.ts';
import { isMolecular } from '../../models/score-model.ts';
import { dimensionOf } from '../../runs/data/run-system.ts';
import type { SimulationChunk, SimulationScene, SimulationView } from '../../runs/spectator.ts';
import { BOLTZMANN } from '../../units.ts';
import type { StreamFrame } from '../contract.ts';
import { PlaneCounts } from './plane-counts.ts';
import { PotentialEnergy } from './potential-energy.ts';
import type { Watchers } from './watchers.ts';

type Frame = StreamFrame<'simulation'>;

/** Seconds: a little more often than thirty times in one, as a window draws some late and leaves some out. */
const INTERVAL = 1 / 35;
/** Seconds: a window whose credit has run out for a moment is still looking. */
const LINGER = 0.5;
/** Seconds between two temperatures, two energies, two pictures of the plane. */
const BETWEEN_TEMPERATURES = 0.2;
const BETWEEN_ENERGIES = 0.5;
const BETWEEN_COUNTS = 0.5;
/** Largest fraction of the time for counting and for energies each; seconds of counting at once. */
const FRACTION = 1 / 50;
const COUNTING = 0.004;
/** The last picture is of everything, unless that takes too long. */
const COUNTING_AT_LAST = 2;

const now = () => performance.now() / 1000;

/** What all who look are shown, each the replica of its own. */
interface Shown {
  readonly step: number;
  /** Of all replicas. */
  readonly positions: Numbers;
  readonly energies?: ReadonlyMap<number, number>;
  readonly shared?: Pick<Frame, 'temperature' | 'counts'>;
}

/** `seconds`: in which the frames are to be shown. */
type Show = (stream: string, frames: readonly Frame[], seconds: number) => void;

export class SimulationWatch implements SimulationView {
  readonly #scene: SimulationScene;
  readonly #watchers: Watchers;
  readonly #show: Show;
  readonly #counts: PlaneCounts | undefined;
  readonly #energy: PotentialEnergy;
  #wanted = Number.NEGATIVE_INFINITY;
  #nextTemperature = 0;
  #nextEnergy = 0;
  #nextCounting = 0;
  #nextCounts = 0;

  constructor(scene: SimulationScene, watchers: Watchers, show: Show) {
    this.#scene = scene;
    this.#watchers = watchers;
    this.#show = show;
    this.#counts = scene.made && new PlaneCounts(scene.system, scene.made);
    this.#energy = new PotentialEnergy(scene);
  }

  get interval(): number | undefined {
    if (this.#watchers.wants('simulation')) this.#wanted = now();
    return now() - this.#wanted < LINGER ? INTERVAL : undefined;
  }

  async see({ firstStep, every, seconds, frames, velocities, alive, isLast }: SimulationChunk): Promise<void> {
    const { system, options } = this.#scene;
    const time = now();
    if (this.#counts?.isBehind && (isLast || time >= this.#nextCounting)) {
      await this.#counts.catchUp(isLast ? COUNTING_AT_LAST : COUNTING);
      this.#nextCounting = time + (now() - time) / FRACTION;
    }
    const isDue = (next: number) => isLast || time >= next;
    const shared = {
      ...(isDue(this.#nextTemperature) ? this.#temperature(time, velocities, alive) : {}),
      ...(isDue(this.#nextCounts) ? this.#plane(time) : {}),
    };
    const width = options.replicas * dimensionOf(system);
    const there = frames.length / width;
    const frame = (i: number): Shown => ({
      step: firstStep + (i + 1) * every,
      positions: frames.subarray(i * width, (i + 1) * width),
    });
    const chosen = spread(there, Math.ceil(seconds / INTERVAL)).map(frame);
    const last = chosen.pop()!;
    const energies = isDue(this.#nextEnergy) ? await this.#energiesOf(last.positions, time) : new Map<number, number>();
    // A little sooner than the next chunk is expected.
    this.#serve([...chosen, { ...last, energies, shared }], alive, isLast ? 0 : 0.97 * seconds);
  }

  dispose(): void {
    this.#energy.dispose();
  }

  /** All in one message: thirty a second would keep each thread on their way awake, those that compute among them. */
  #serve(shown: readonly Shown[], alive: Numbers, seconds: number): void {
    const { system, options } = this.#scene;
    let all = 0;
    for (const running of alive) if (!running) all++;
    for (const { stream, replica, granted, dropped } of this.#watchers.served('simulation', shown.length)) {
      const stopped = all === 0 ? {} : { stopped: { own: !alive[this.#placeOf(replica)], all } };
      let next = -dropped;
      const frames = spread(shown.length, granted).map((place): Frame => {
        const { step, positions, energies, shared } = shown[place]!;
        const own = this.#placesOf(replica, positions);
        const potentialEnergy = energies?.get(replica);
        const left = place - next;
        next = place + 1;
        return {
          step,
          // Torsion moves are no dynamics: its frames have no time.
          time: options.moves ? step : step * options.timeStep,
          positions: own,
          at: system.variables.points(own).map((values) => values[0]!),
          dropped: left,
          ...stopped,
          ...(potentialEnergy === undefined ? {} : { potentialEnergy }),
          ...shared,
        };
      });
      this.#show(stream, frames, seconds);
    }
  }

  /** The last one where there are not so many. */
  #placeOf(replica: number): number {
    return Math.min(replica, this.#scene.options.replicas - 1);
  }

  #placesOf(replica: number, positions: Numbers): Float32Array<ArrayBuffer> {
    const dimension = dimensionOf(this.#scene.system);
    const start = this.#placeOf(replica) * dimension;
    return Float32Array.from(positions.subarray(start, start + dimension));
  }

  async #energiesOf(positions: Numbers, time: number): Promise<Map<number, number>> {
    const found = new Map<number, number>();
    for (const replica of this.#watchers.replicas('simulation')) {
      const energy = await this.#energy.of(this.#placesOf(replica, positions));
      if (energy !== undefined) found.set(replica, energy);
    }
    this.#nextEnergy = time + Math.max(BETWEEN_ENERGIES, (now() - time) / FRACTION);
    return found;
  }

  /** Of the replicas that move. */
  #temperature(time: number, velocities: Numbers, alive: Numbers): { temperature?: number } {
    this.#nextTemperature = time + BETWEEN_TEMPERATURES;
    const { masses } = this.#scene.system;
    let [sum, moving] = [0, 0];
    for (let i = 0; i < velocities.length; i++) {
      if (!alive[Math.floor(i / masses.length)]) continue;
      sum += masses[i % masses.length]! * velocities[i]! ** 2;
      moving++;
    }
    if (moving === 0) return {};
    const kT = sum / moving;
    return { temperature: isMolecular(this.#scene.system.shape) ? kT / BOLTZMANN : kT };
  }

  #plane(time: number): Pick<Frame, 'counts'> {
    if (!this.#counts) return {};
    this.#nextCounts = time + BETWEEN_COUNTS;
    return { counts: this.#counts.counts };
  }
}

/** At most `wanted` of so many places, evenly, the last among them. */
function spread(places: number, wanted: number): number[] {
  const count = Math.max(1, Math.min(places, wanted));
  return Array.from({ length: count }, (_, i) => Math.round(((i + 1) * places) / count) - 1);
}
