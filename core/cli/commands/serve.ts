/**
 * `ergodic serve`: the window in a browser. The host lives in this process; Ctrl-C pauses what it is at, which goes on
 * from there when it is asked to.
 */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Host } from '../../host/host.ts';
import { PageFiles } from '../../host/http/page-files.ts';
import { HostServer } from '../../host/http/server.ts';
import { makeFolder } from '../../storage/make-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { resourcesFolder, windowFolder } from '../product-files.ts';
import { version } from '../version.ts';

export async function run(args: Arguments<'serve'>, context: CommandContext): Promise<CommandResult> {
  const home = resolve(args.home ?? join(homedir(), 'Ergodic'));
  const page = await PageFiles.open(windowFolder);
  await makeFolder(home);
  await using opened = new AsyncDisposableStack();
  const host = opened.use(await Host.open({ shell: 'browser', version, home, resources: resourcesFolder }));
  const projects = await host.grant((args.project ?? []).map((folder) => resolve(folder)));
  const server = opened.use(await HostServer.open({ host, page, home, port: args.port ?? 0, projects }));
  const { url } = server;
  const staying = opened.move();
  return {
    json: { url },
    text: `The window is at ${url}\nAnyone who knows this address can use it. Ctrl-C stops the server; running jobs can be resumed.`,
    afterwards: async () => {
      await using _ = staying;
      if (args.open) openInBrowser(server.passingUrl(), context);
      await stopped(context.signal);
    },
  };
}

const stopped = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function openInBrowser(url: string, { say }: CommandContext): void {
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const advice = () => say('No browser could be started: open the address above in one.');
  const child = spawn(program!, words, { stdio: 'ignore', detached: true });
  child.on('error', advice).on('exit', (code) => code === 0 || advice());
  child.unref();
}
