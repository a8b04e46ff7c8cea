/** Which network a task of a job trains, by the name that the host gives it (core/runs/training/train.ts). */

/**
 * `titles`: of all networks of the run. "training" where there is one, "training expert 2 of 3 (t 0.1 to 0.6)" where
 * there are several; undefined for a task that does something else.
 */
export function networkOfTask(name: string, titles: readonly string[]): number | undefined {
  const isOwn = (title: string) =>
    titles.length === 1
      ? name === 'training'
      : name.startsWith(`training ${title.toLowerCase()} of ${titles.length} (`);
  const index = titles.findIndex(isOwn);
  return index < 0 ? undefined : index;
}
