/** What the automatic method has chosen for a draft: a run's specification, and the sentence that says it. */
import type { chooseSettings } from '../../../runs/auto/choose-settings.ts';

export type Chosen = Awaited<ReturnType<typeof chooseSettings>>;
