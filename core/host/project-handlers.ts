/** Answers about the host itself and its projects. */
import { join } from 'node:path';
import type { Method } from '../methods/method.ts';
import { methodNames, methods } from '../methods/methods.ts';
import { settings } from '../specification/settings.ts';
import type { WindowHandlers } from './connection.ts';
import type { Result } from './contract.ts';
import type { HostServices } from './host-services.ts';
import { describedBeads, readExpertPresets, readGeneratorPresets } from './presets.ts';
import { copySample, createProject } from './projects.ts';

type Name = 'hello' | 'project.create' | 'project.open' | 'project.sample' | 'project.close' | 'project.save';

export function projectHandlers(host: HostServices): WindowHandlers<Name> {
  const { options, grants } = host;
  const places = { projects: join(options.home, 'projects'), resources: options.resources };
  const table: Result<'hello'>['settings'] = JSON.parse(JSON.stringify(settings));
  const ofMethods: Result<'hello'>['methods'] = JSON.parse(
    JSON.stringify(Object.fromEntries(methodNames.map((name) => [name, partsOf(methods[name])]))),
  );
  const specs = join(options.resources, 'specs');
  const readPresets = async () => ({
    expertPresets: await readExpertPresets(specs),
    generatorPresets: await readGeneratorPresets(specs),
  });
  let presets: ReturnType<typeof readPresets> | undefined;
  const opened = async (folder: () => Promise<string>) => (await host.openProject(folder)).project.described();
  return {
    hello: async () => {
      presets ??= readPresets();
      const recent = (await host.recent.list()).map(({ path, name }) => ({ folder: grants.add(path), name, path }));
      return {
        version: options.version,
        shell: options.shell,
        engines: (await host.engines).map(({ name, available, device, threads, reason }) => ({
          name,
          available,
          device,
          threads,
          ...(reason === undefined ? {} : { reason }),
        })),
        settings: table,
        methods: ofMethods,
        beadPresets: describedBeads,
        ...(await presets),
        recent,
        project: (await host.session?.project.described()) ?? null,
      };
    },
    'project.create': ({ folder, name }, { pathOf }) =>
      opened(() => createProject(places, name, folder === undefined ? undefined : pathOf(folder))),
    'project.open': ({ folder }, { pathOf }) => opened(async () => pathOf(folder)),
    'project.sample': ({ sample }) => opened(() => copySample(places, sample, grants)),
    'project.close': async () => {
      await host.closeProject();
      return {};
    },
    'project.save': async (changes, { window }) => {
      const { project } = host.openSession;
      project.change(changes);
      host.tell('project.changed', { project: await project.described() }, window);
      return {};
    },
  };
}

const partsOf = ({ title, settings: own }: Method) => ({ title, settings: own });
