/** What the automatic method would choose for the draft as it stands; asked for again when its data change. */
import type { Result } from '../../../core/host/contract.ts';
import type { Tree } from '../../parts/tree.ts';
import { isAutomatic } from '../../state/draft-method.ts';
import type { ProjectStore } from '../../state/project-store.svelte.ts';
import { type Answer, answerTo } from '../../state/query.svelte.ts';
import type { Workspace } from '../../state/workspace.svelte.ts';

/** What the choice depends on, and what it may change. */
const DEPENDS_ON = ['method', 'system', 'simulate', 'evaluate'];

/** Use it where a component is made. */
export function chosenSettings({ client }: Workspace, project: ProjectStore): Answer<Result<'draft.choose'>> {
  const question = (): Tree | undefined => {
    const { draft } = project;
    if (!isAutomatic(draft) || draft.system === undefined || project.faults.length > 0) return undefined;
    return Object.fromEntries(Object.entries(draft).filter(([key]) => DEPENDS_ON.includes(key)));
  };
  return answerTo(question, (draft) => client.request('draft.choose', { draft }), 200);
}
