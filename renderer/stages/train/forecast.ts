/**
 * How long the rest of a training will take: experts that are at work say it themselves, those that wait are judged by
 * the pace of the others and the work of a step (an energy costs about twice a score, a regularised one three times).
 * Seconds; an estimate, and undefined where nothing moves yet.
 */
export interface ExpertWork {
  /** Steps before the regulariser joins, and with it. */
  readonly plainLeft: number;
  readonly regularisedLeft: number;
  /** Steps per second and seconds left, while it is at work. */
  readonly rate: number | undefined;
  readonly remaining: number | undefined;
  readonly batch: number;
  readonly conservative: boolean;
}

export function secondsLeft(experts: readonly ExpertWork[]): number | undefined {
  const open = experts.filter(({ plainLeft, regularisedLeft }) => plainLeft + regularisedLeft > 0);
  const atWork = open.filter((expert): expert is ExpertWork & { rate: number } => (expert.rate ?? 0) > 0);
  if (atWork.length === 0) return undefined;
  const perWork = atWork.reduce((sum, expert) => sum + 1 / (expert.rate * workOfStep(expert)), 0) / atWork.length;
  const ownSeconds = open.map((expert) => expert.remaining ?? workLeft(expert) * perWork);
  const together = ownSeconds.reduce((sum, seconds) => sum + seconds, 0) / atWork.length;
  return Math.max(together, ...ownSeconds);
}

const ofPlain = ({ batch, conservative }: ExpertWork): number => batch * (conservative ? 2 : 1);
const ofRegularised = ({ batch }: ExpertWork): number => 6 * batch;
const workOfStep = (expert: ExpertWork): number => (expert.plainLeft > 0 ? ofPlain(expert) : ofRegularised(expert));
const workLeft = (expert: ExpertWork): number =>
  expert.plainLeft * ofPlain(expert) + expert.regularisedLeft * ofRegularised(expert);
