/** Samples while they are drawn, as their stream shows them: the last few of them, and the free energy of all so far. */
import type { Axis, Structure, Surface } from '../../../core/host/contract.ts';
import type { Client } from '../../client/client.ts';
import { energyOfCounts } from '../../views/map/free-energy.ts';

export class LiveSamples {
  #structure = $state.raw<Structure | null>();
  #axes = $state.raw<readonly Axis[]>([]);
  #positions = $state.raw<Float32Array>();
  #surface = $state.raw<Surface>();
  #done = $state(0);
  #problem = $state<string>();

  /** Null for a system that is no molecule. */
  get structure(): Structure | null | undefined {
    return this.#structure;
  }
  get axes(): readonly Axis[] {
    return this.#axes;
  }
  /** Of those that were drawn last, one after the other. */
  get positions(): Float32Array | undefined {
    return this.#positions;
  }
  get surface(): Surface | undefined {
    return this.#surface;
  }
  get done(): number {
    return this.#done;
  }
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Returns how to stop; what was seen stays. */
  watch(client: Client, job: string): () => void {
    return client.watch<'samples'>(
      { kind: 'samples', job },
      {
        onOpen: ({ structure, axes }) => {
          this.#problem = undefined;
          if (structure === null || structure.pdb !== this.#structure?.pdb) this.#structure = structure;
          this.#axes = axes;
        },
        onFrame: ({ done, positions, counts }) => {
          this.#done = done;
          if (positions.length > 0) this.#positions = positions;
          if (counts) this.#surface = { bins: counts.bins, energy: energyOfCounts(counts.values) };
        },
        onEnd: (failure) => {
          this.#problem = failure?.message;
        },
      },
    );
  }
}
