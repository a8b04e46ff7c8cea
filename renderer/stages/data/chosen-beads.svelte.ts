/**
 * The beads that the draft asks for, of the molecule that is looked at: what the host makes of a preset, a selection or
 * groups of atoms, while it is typed. To be made where a component is made.
 */
import type { Result, Source } from '../../../core/host/contract.ts';
import type { Client } from '../../client/client.ts';
import { getAt, type Tree } from '../../parts/tree.ts';
import { type Answer, answerTo } from '../../state/query.svelte.ts';

/** A short rest after the last letter. */
const TYPING_MS = 180;

export class ChosenBeads {
  readonly #draft: () => Tree;
  readonly mapped: Answer<Result<'data.beads'>>;
  /** Of a selection: which atoms, even where they make no beads. */
  readonly selected: Answer<Result<'data.select'>>;

  /** `presets`: names that stand for beads and are no selection. */
  constructor(client: Client, source: () => Source | undefined, draft: () => Tree, presets: () => readonly string[]) {
    this.#draft = draft;
    this.mapped = answerTo(
      () => {
        const of = source();
        return of && { source: of, beads: this.text, groups: [...this.groups] };
      },
      (question) => client.request('data.beads', question),
      TYPING_MS,
    );
    this.selected = answerTo(
      () => {
        const of = source();
        const isSelection = this.groups.length === 0 && !presets().includes(this.text);
        return of && isSelection ? { source: of, selection: this.text } : undefined;
      },
      (question) => client.request('data.select', question),
      TYPING_MS,
    );
  }

  get text(): string {
    const beads = getAt(this.#draft(), ['system', 'beads']);
    return typeof beads === 'string' ? beads : 'ca';
  }

  get groups(): readonly string[] {
    const groups = getAt(this.#draft(), ['system', 'groups']);
    return Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [];
  }

  /** Indices of the atoms that become beads, or that a selection finds. */
  get atoms(): readonly number[] | Uint32Array {
    return this.mapped.value?.beads.flatMap(({ atoms }) => atoms) ?? this.selected.value?.indices ?? [];
  }
}
