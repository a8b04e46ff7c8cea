/**
 * What the automatic method would choose, as the window shows it: as many steps as fit into the time that a person has,
 * judged by measured steps, and the words for how long it takes. The run measures again and decides.
 */
import type { Result } from '../../../core/host/contract.ts';
import { durationText, numeral } from '../../parts/format.ts';
import { labelOf } from '../../parts/setting-words.ts';
import { isTree, type Tree } from '../../parts/tree.ts';

export type Chosen = Result<'draft.choose'>['settings'];

/** `seconds`: of all steps; undefined while they are not known. */
export function fittedToTime(chosen: Chosen, minutes: number, seconds: number | undefined): Tree {
  const fraction = fractionThatFits(minutes, seconds);
  if (fraction === 1) return chosen;
  const experts = chosen.experts.map((expert) =>
    typeof expert.steps === 'number' ? { ...expert, steps: Math.max(1, Math.floor(expert.steps * fraction)) } : expert,
  );
  return { ...chosen, experts };
}

export const fractionThatFits = (minutes: number, seconds: number | undefined): number =>
  minutes === 0 || seconds === undefined ? 1 : Math.min(1, (60 * minutes) / seconds);

/** "About 3 min", " for a first round; …". */
export function timeInWords(minutes: number, seconds: number): { readonly about: string; readonly ending: string } {
  const most = 60 * minutes;
  const about = durationText(minutes > 0 ? Math.min(seconds, most) : seconds);
  const rounds = 'further rounds, each as long as all before it, follow while they help';
  if (minutes === 0) return { about, ending: ` for a first round; ${rounds}` };
  if (2 * seconds <= most) return { about, ending: ` for a first round; ${rounds}, for at most ${durationText(most)}` };
  return { about, ending: seconds > most ? ', with as many steps as fit' : ' for one round' };
}

/** What is chosen beside the experts: "Validation fraction 0.1". */
export function chosenBeside({ experts: _, ...settings }: Chosen): string[] {
  const leaves = (tree: Tree): string[] =>
    Object.entries(tree).flatMap(([key, value]) =>
      isTree(value) ? leaves(value) : [`${labelOf(key)} ${typeof value === 'number' ? numeral(value) : String(value)}`],
    );
  return leaves(settings);
}
