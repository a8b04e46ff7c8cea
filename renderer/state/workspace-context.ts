/** How components get at what the window knows. */
import { createContext } from 'svelte';
import type { ProjectStore } from './project-store.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

export const [useWorkspace, provideWorkspace] = createContext<Workspace>();

/** For stages, which are shown only while a project is open; ask once, when the stage is made. */
export function useProject(): ProjectStore {
  const { project } = useWorkspace();
  if (!project) throw new Error('A stage needs an open project.');
  return project;
}
