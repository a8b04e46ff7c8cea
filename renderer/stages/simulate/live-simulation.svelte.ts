/**
 * A simulation that is being made, as its stream shows it: where the molecule is, where it has been in the plane, the
 * free energy so far, energy and temperature. One replica is watched; the counts are those of all. What is shown can be
 * held and gone back over while the simulation goes on. Positions change at every picture and so are taken as they are;
 * numbers that people read change a few times a second.
 */
import type { Axis, StreamFrame, Structure, Surface } from '../../../core/host/contract.ts';
import type { Client } from '../../client/client.ts';
import { EnergyRecord } from '../../views/chart/energy-record.svelte.ts';
import { energyOfCounts } from '../../views/map/free-energy.ts';
import { ShownFrames } from './shown-frames.ts';

type Frame = StreamFrame<'simulation'>;
/** K, or kT for a toy; kT. */
interface Measured {
  readonly temperature: number | undefined;
  readonly potentialEnergy: number | undefined;
}

const READ_MS = 500;
const PATH_POINTS = 240;

export class LiveSimulation {
  readonly job: string;
  readonly energies = new EnergyRecord();
  readonly #shown = new ShownFrames();
  #structure = $state.raw<Structure | null>();
  #axes = $state.raw<readonly Axis[]>([]);
  #positions = $state.raw<Float32Array>();
  #surface = $state.raw<Surface>();
  #counted = $state(0);
  #path = $state.raw(new Float32Array());
  #now = $state.raw<Pick<Frame, 'step' | 'time'> & Measured>();
  #replica = $state(0);
  #held = $state(false);
  #place = $state(0);
  #frames = $state(0);
  #problem = $state<string>();
  #stopped = $state.raw<Frame['stopped']>();
  #way: number[] = [];
  #measured: Measured = { temperature: undefined, potentialEnergy: undefined };
  #read = Number.NEGATIVE_INFINITY;

  constructor(job: string) {
    this.job = job;
  }

  /** Null for a system that is no molecule. */
  get structure(): Structure | null | undefined {
    return this.#structure;
  }
  get axes(): readonly Axis[] {
    return this.#axes;
  }
  get positions(): Float32Array | undefined {
    return this.#positions;
  }
  /** Of all replicas so far. */
  get surface(): Surface | undefined {
    return this.#surface;
  }
  /** Conformations in it. */
  get counted(): number {
    return this.#counted;
  }
  get path(): Float32Array {
    return this.#path;
  }
  get now() {
    return this.#now;
  }
  get replica(): number {
    return this.#replica;
  }
  get held(): boolean {
    return this.#held;
  }
  /** Which of the frames that can be gone back over is shown, and how many there are. */
  get place(): number {
    return this.#place;
  }
  get frames(): number {
    return this.#frames;
  }
  /** Of the frame that is shown, ps. */
  get time(): number | undefined {
    return this.#held ? this.#shown.at(this.#place)?.time : this.#now?.time;
  }
  get problem(): string | undefined {
    return this.#problem;
  }
  /** Replicas that have diverged, and whether the one shown is among them; undefined while none has. */
  get stopped(): Frame['stopped'] {
    return this.#stopped;
  }

  /** Returns how to stop; what was seen stays. */
  watch(client: Client, replica: number): () => void {
    if (replica !== this.#replica) this.#begin(replica);
    return client.watch<'simulation'>(
      { kind: 'simulation', job: this.job, replica },
      {
        onOpen: ({ structure, axes }) => {
          this.#problem = undefined;
          // The same molecule is not drawn anew when a person comes back to it.
          if (structure === null || structure.pdb !== this.#structure?.pdb) this.#structure = structure;
          this.#axes = axes;
        },
        onFrame: (frame) => this.#take(frame),
        onEnd: (failure) => {
          this.#problem = failure?.message;
        },
      },
    );
  }

  hold(held: boolean): void {
    this.#held = held;
    this.#place = Math.max(0, this.#shown.length - 1);
    this.#frames = this.#shown.length;
  }

  /** While it is held. */
  show(place: number): void {
    const frame = this.#shown.at(place);
    if (!frame) return;
    this.#held = true;
    this.#place = place;
    this.#positions = frame.positions;
  }

  #begin(replica: number): void {
    this.#replica = replica;
    this.#shown.clear();
    this.energies.clear();
    this.#measured = { temperature: undefined, potentialEnergy: undefined };
    this.#way = [];
    this.#path = new Float32Array();
    this.hold(false);
  }

  #take(frame: Frame): void {
    // Measured now and then only; the record's room is for what was.
    if (frame.potentialEnergy !== undefined || frame.temperature !== undefined) {
      this.energies.push(frame.time, frame.potentialEnergy, frame.temperature);
    }
    const { temperature = this.#measured.temperature, potentialEnergy = this.#measured.potentialEnergy } = frame;
    this.#measured = { temperature, potentialEnergy };
    this.#way.push(frame.at[0] ?? Number.NaN, frame.at[1] ?? Number.NaN);
    if (this.#way.length > 4 * PATH_POINTS) this.#way = this.#way.slice(-2 * PATH_POINTS);
    if (frame.counts) {
      this.#surface = { bins: frame.counts.bins, energy: energyOfCounts(frame.counts.values) };
      this.#counted = frame.counts.total;
    }
    if (!this.#held) {
      this.#shown.push(frame.step, frame.time, frame.positions);
      this.#positions = frame.positions;
    }
    const time = performance.now();
    if (time - this.#read < READ_MS) return;
    this.#read = time;
    this.#now = { step: frame.step, time: frame.time, ...this.#measured };
    this.#stopped = frame.stopped;
    if (this.#held) return;
    this.#path = Float32Array.from(this.#way.slice(-2 * PATH_POINTS));
    this.#frames = this.#shown.length;
    this.#place = Math.max(0, this.#shown.length - 1);
  }
}
