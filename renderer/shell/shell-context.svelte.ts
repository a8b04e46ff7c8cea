/** How components get at the frame of the window. */
import { createContext } from 'svelte';
import type { Action } from './action.ts';
import type { FrameState } from './shell-state.svelte.ts';

export const [useFrame, provideFrame] = createContext<FrameState>();

/** What a stage can do, in the palette and by shortcut, for as long as the stage is shown. Call it while it is made. */
export function offerActions(actions: () => readonly Action[]): void {
  const frame = useFrame();
  $effect(() => frame.addActions(actions()));
}
