/** The runs of the open project as the host tells them, and which of them the window is about. */
import type { RunSummary } from '../../core/host/contract.ts';

export class RunsStore {
  #runs = $state.raw<readonly RunSummary[]>([]);
  #chosen = $state<string>();
  readonly #remember: (run: string) => void;

  /** `remember`: keeps the choice for the next time. */
  constructor(remember: (run: string) => void) {
    this.#remember = remember;
  }

  /** The newest first. */
  get all(): readonly RunSummary[] {
    return this.#runs;
  }

  /** What stages show: the chosen run, or the newest. */
  get current(): RunSummary | undefined {
    return this.#runs.find(({ id }) => id === this.#chosen) ?? this.#runs[0];
  }

  choose(run: string): void {
    if (run === this.#chosen) return;
    this.#chosen = run;
    this.#remember(run);
  }

  /** Of another project. */
  begin(chosen: string | undefined): void {
    this.#runs = [];
    this.#chosen = chosen;
  }

  adopt(runs: readonly RunSummary[]): void {
    this.#runs = runs.toSorted((a, b) => b.created.localeCompare(a.created));
  }
}
