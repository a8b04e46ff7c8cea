/**
 * How long the rest of a training will take: experts that are at work go on at their pace, those that wait are judged by
 * the pace of the others and the work of a step (an energy costs about twice a score, a regularised one three times).
 * Seconds; an estimate, and undefined where nothing moves yet.
 */
export interface ExpertWork {
  readonly stepsLeft: number;
  /** Steps per second, while it is at work. */
  readonly rate: number | undefined;
  readonly batch: number;
  readonly conservative: boolean;
  readonly regularised: boolean;
}

export function secondsLeft(experts: readonly ExpertWork[]): number | undefined {
  const open = experts.filter(({ stepsLeft }) => stepsLeft > 0);
  const atWork = open.filter((expert): expert is ExpertWork & { rate: number } => (expert.rate ?? 0) > 0);
  if (atWork.length === 0) return undefined;
  const perWork = atWork.reduce((sum, expert) => sum + 1 / (expert.rate * workOfStep(expert)), 0) / atWork.length;
  const ownSeconds = open.map((expert) =>
    expert.rate !== undefined && expert.rate > 0
      ? expert.stepsLeft / expert.rate
      : expert.stepsLeft * workOfStep(expert) * perWork,
  );
  const together = ownSeconds.reduce((sum, seconds) => sum + seconds, 0) / atWork.length;
  return Math.max(together, ...ownSeconds);
}

const workOfStep = ({ batch, conservative, regularised }: ExpertWork): number =>
  batch * (regularised ? 3 : conservative ? 2 : 1);
