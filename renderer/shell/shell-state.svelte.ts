/** What the shell of the window shows beside the stage: one dialog at most, the queue, and what stages can do. */

import type { Workspace } from '../state/workspace.svelte.ts';
import type { Action } from './action.ts';

export type DialogName = 'palette' | 'keyboard' | 'settings' | 'new-project' | 'open-project' | 'command';

export class ShellState {
  readonly #workspace: Workspace;
  #dialog = $state<DialogName>();
  #queue = $state(false);
  #stageActions = $state.raw<readonly Action[]>([]);

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get dialog(): DialogName | undefined {
    return this.#dialog;
  }
  /** Whether the queue is unfolded. */
  get queue(): boolean {
    return this.#queue;
  }
  get stageActions(): readonly Action[] {
    return this.#stageActions;
  }

  show(dialog: DialogName): void {
    this.#dialog = dialog;
  }

  close(): void {
    this.#dialog = undefined;
  }

  toggleQueue(): void {
    this.#queue = !this.#queue;
  }

  /** What the stage that is shown can do; returns how to take it back. */
  addActions(actions: readonly Action[]): () => void {
    this.#stageActions = actions;
    return () => {
      if (this.#stageActions === actions) this.#stageActions = [];
    };
  }

  async addFiles(dropped?: readonly File[]): Promise<void> {
    const workspace = this.#workspace;
    if (!workspace.project) return;
    const entries = dropped ? await workspace.handOver(dropped) : await workspace.chooseFiles();
    if (entries.length === 0) return;
    workspace.go('data');
    await workspace.files.add(entries);
  }
}
