/** The graphics card of this process; one that was lost is looked for anew. */
import { DeviceError } from '../../errors.ts';
import { Card } from './card.ts';
import { measureCeilings } from './ceilings.ts';
import type { CardFacts, ComputeCard } from './compute-card.ts';
import { type DeviceOptions, findDevice, type Search } from './device.ts';
import { WebGpuExecutable } from './executable.ts';

export function ownCard(options: DeviceOptions = {}): ComputeCard {
  let search: Promise<Search> | undefined;
  let card: Card | undefined;
  const find = () => {
    search ??= findDevice(options);
    return search;
  };
  const theCard = async () => {
    if (card?.isLost) [search, card] = [undefined, undefined];
    const found = await find();
    if ('reason' in found) throw new DeviceError(found.reason);
    card ??= new Card(found, options.mostBytes);
    return card;
  };
  return {
    describe: async (): Promise<CardFacts> => {
      const found = await find();
      return 'reason' in found ? found : { name: found.name, isSoftware: found.isSoftware };
    },
    compile: async (program) => await WebGpuExecutable.create(program, await theCard()),
    ceilings: async () => await measureCeilings(await theCard()),
    dispose: async () => {
      if (search === undefined) return;
      const found = await search;
      if ('device' in found) found.device.destroy();
      [search, card] = [undefined, undefined];
    },
  };
}
