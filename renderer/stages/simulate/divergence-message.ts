/** What is said of replicas that have diverged (non-finite coordinates). */
import type { StreamFrame } from '../../../core/host/contract.ts';
import { counted, countText } from '../../parts/format.ts';

export function divergenceMessage(
  { own, all }: NonNullable<StreamFrame<'simulation'>['stopped']>,
  replicas: number,
): string {
  const others = all - (own ? 1 : 0);
  const counts = replicas === 1 ? 'It' : `${countText(all)} of ${counted(replicas, 'replica')}`;
  const which = own && replicas > 1 ? `This replica${others > 0 ? ` and ${counted(others, 'other')}` : ''}` : counts;
  const [has, was, them] = all === 1 ? ['has', 'was', 'it'] : ['have', 'were', 'them'];
  return `${which} ${has} diverged and ${was} stopped: the model's force did not hold ${them} together.`;
}
