/** How components get at the window's shell. */
import { createContext } from 'svelte';
import type { Action } from './action.ts';
import type { ShellState } from './shell-state.svelte.ts';

export const [useShell, provideShell] = createContext<ShellState>();

/** What a stage can do, in the palette and by shortcut, for as long as the stage is shown. Call it while it is made. */
export function offerActions(actions: () => readonly Action[]): void {
  const shell = useShell();
  $effect(() => shell.addActions(actions()));
}
