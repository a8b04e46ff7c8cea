/**
 * How long the rest of a training will take: networks that are at work say it themselves, those that wait are judged by
 * the pace of the others and the work of their steps, which a method gives for each phase of a training.
 * Seconds; an estimate, and undefined where nothing moves yet.
 */
export interface NetworkWork {
  readonly steps: number;
  /** Steps done. */
  readonly done: number;
  readonly batch: number;
  /** Work of a step for each sample of its batch, from a step on; the first from step 0. */
  readonly phases: readonly { readonly from: number; readonly work: number }[];
  /** Steps per second and seconds left, while it is at work. */
  readonly rate: number | undefined;
  readonly remaining: number | undefined;
}

export function secondsLeft(networks: readonly NetworkWork[]): number | undefined {
  const open = networks.filter(({ steps, done }) => done < steps);
  const atWork = open.filter((network): network is NetworkWork & { rate: number } => (network.rate ?? 0) > 0);
  if (atWork.length === 0) return undefined;
  const perWork = atWork.reduce((sum, network) => sum + 1 / (network.rate * workOfStep(network)), 0) / atWork.length;
  const ownSeconds = open.map((network) => network.remaining ?? workLeft(network) * perWork);
  const together = ownSeconds.reduce((sum, seconds) => sum + seconds, 0) / atWork.length;
  return Math.max(together, ...ownSeconds);
}

/** The phases that have steps left, with their work for a whole batch. */
function phasesLeft({ steps, done, batch, phases }: NetworkWork): { steps: number; work: number }[] {
  return phases.flatMap(({ from, work }, i) => {
    const end = Math.min(phases[i + 1]?.from ?? steps, steps);
    const left = end - Math.max(done, from);
    return left > 0 ? [{ steps: left, work: work * batch }] : [];
  });
}

const workOfStep = (network: NetworkWork): number => phasesLeft(network)[0]?.work ?? network.batch;
const workLeft = (network: NetworkWork): number =>
  phasesLeft(network).reduce((sum, { steps, work }) => sum + steps * work, 0);
