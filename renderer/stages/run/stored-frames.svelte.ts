/**
 * The stored frames of a set, looked at one after the other: opened once, each frame read when it is wanted, and of
 * those that are wanted quickly only the last. Positions are handed on as they come.
 */
import type { SetName, Structure } from '../../../core/host/contract.ts';
import type { Client } from '../../client/client.ts';
import { sentenceOf } from '../../state/notices.svelte.ts';

const PATH_POINTS = 240;

interface Opened {
  readonly structure: Structure;
  readonly frames: number;
  readonly replicas: number;
  /** Between two frames, ps. */
  readonly timeStep: number | null;
}

export class StoredFrames {
  readonly #client: Client;
  readonly #run: string;
  readonly #set: SetName;
  #opened = $state.raw<Opened>();
  #positions = $state.raw<Float32Array>();
  #time = $state<number | null>(null);
  #path = $state.raw(new Float32Array());
  #frame = $state(0);
  #replica = $state(0);
  #problem = $state<string>();
  #asking = false;
  #wanted = false;
  #closed = false;
  #way: number[] = [];
  #last = -1;

  constructor(client: Client, run: string, set: SetName) {
    this.#client = client;
    this.#run = run;
    this.#set = set;
  }

  get opened(): Opened | undefined {
    return this.#opened;
  }
  get positions(): Float32Array | undefined {
    return this.#positions;
  }
  /** Of the frame that is shown, ps. */
  get time(): number | null {
    return this.#time;
  }
  /** Where the frames that were shown one after the other are in the plane. */
  get path(): Float32Array {
    return this.#path;
  }
  get frame(): number {
    return this.#frame;
  }
  get replica(): number {
    return this.#replica;
  }
  get problem(): string | undefined {
    return this.#problem;
  }

  async open(): Promise<void> {
    try {
      const opened = await this.#client.request('structures.open', { run: this.#run, set: this.#set });
      if (this.#closed) return;
      this.#opened = opened;
      this.show(0);
    } catch (error) {
      if (!this.#closed) this.#problem = sentenceOf(error);
    }
  }

  show(frame: number, replica = this.#replica): void {
    this.#frame = frame;
    this.#replica = replica;
    this.#wanted = true;
    if (!this.#asking) void this.#read();
  }

  close(): void {
    this.#closed = true;
  }

  async #read(): Promise<void> {
    this.#asking = true;
    while (this.#wanted && !this.#closed) {
      this.#wanted = false;
      const [frame, replica] = [this.#frame, this.#replica];
      const of = this.#set === 'simulation' ? { replica } : {};
      try {
        const found = await this.#client.request('structures.frame', {
          run: this.#run,
          set: this.#set,
          frame,
          ...of,
        });
        if (this.#closed) break;
        this.#problem = undefined;
        this.#positions = found.positions;
        this.#time = found.time;
        this.#walk(frame, replica, found.at);
      } catch (error) {
        if (!this.#closed) this.#problem = sentenceOf(error);
      }
    }
    this.#asking = false;
  }

  #walk(frame: number, replica: number, at: readonly [number, number] | null): void {
    const place = replica * (this.#opened?.frames ?? 0) + frame;
    // A frame or two may be left out when they are wanted faster than they are read.
    if (place < this.#last || place > this.#last + 5) this.#way = [];
    this.#last = place;
    if (at) this.#way.push(...at);
    this.#way = this.#way.slice(-2 * PATH_POINTS);
    this.#path = Float32Array.from(this.#way);
  }
}
