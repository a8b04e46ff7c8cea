/** Makes two channels one: what comes out of either goes into the other, and both end together. */
import type { Channel } from '../contract.ts';

export function joined(one: Channel, other: Channel): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.onMessage((message) => to.send(message));
    from.onClose(() => to.close());
  }
}
