/** Conformations near a point of the plane: asked for, and looked at one after the other. */
import type { Conformations, Place, SetName } from '../../../core/host/contract.ts';
import type { Client } from '../../client/client.ts';
import { sentenceOf } from '../../state/notices.svelte.ts';

const ASKED_FOR = 40;

/** A point that was clicked, or a region that was drawn around. */
export type Where =
  | { readonly at: readonly [number, number] }
  | { readonly outline: readonly (readonly [number, number])[] };

export interface Asked {
  readonly run: string;
  readonly set: SetName;
  readonly where: Where;
}

export class FoundStructures {
  readonly #client: Client;
  #asked = $state.raw<Asked>();
  #found = $state.raw<Conformations>();
  #problem = $state<string>();
  #asking = $state(false);
  #index = $state(0);

  constructor(client: Client) {
    this.#client = client;
  }

  get asked(): Asked | undefined {
    return this.#asked;
  }
  get found(): Conformations | undefined {
    return this.#found;
  }
  get problem(): string | undefined {
    return this.#problem;
  }
  get asking(): boolean {
    return this.#asking;
  }
  get index(): number {
    return this.#index;
  }
  get count(): number {
    return this.#found?.frames.length ?? 0;
  }
  /** The one that is looked at, nm. */
  get positions(): Float32Array | undefined {
    const size = 3 * (this.#found?.structure.atoms ?? 0);
    return this.#found?.positions.subarray(this.#index * size, (this.#index + 1) * size);
  }

  async find(asked: Asked): Promise<void> {
    this.#asked = asked;
    this.#asking = true;
    this.#problem = undefined;
    try {
      const { run, set, where } = asked;
      const found = await this.#client.request('structures.find', { run, set, place: placeOf(where) });
      if (this.#asked !== asked) return;
      this.#found = found;
      this.#index = 0;
    } catch (error) {
      if (this.#asked !== asked) return;
      this.#found = undefined;
      this.#problem = sentenceOf(error);
    } finally {
      if (this.#asked === asked) this.#asking = false;
    }
  }

  show(index: number): void {
    if (this.count > 0) this.#index = ((index % this.count) + this.count) % this.count;
  }

  forget(): void {
    this.#asked = undefined;
    this.#found = undefined;
    this.#problem = undefined;
    this.#asking = false;
  }
}

const placeOf = (where: Where): Place =>
  'at' in where
    ? { at: [where.at[0], where.at[1]], count: ASKED_FOR }
    : { outline: where.outline.map(([x, y]): [number, number] => [x, y]), count: ASKED_FOR };
