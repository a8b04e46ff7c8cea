/**
 * The shell of `ergodic serve`: a WebSocket to the host, files sent to it and fetched from it. The token of the address
 * that a person opened is kept for this tab, so that it may be loaded again, and is taken out of the address bar.
 */
import type { FileEntry } from '../../core/host/contract.ts';
import type { HandOverOptions, Shell } from './shell.ts';
import { openWebSocket } from './web-socket-channel.ts';

const TOKEN = 'ergodic.token';
const NO_TOKEN = 'This window has no host: open the address that `ergodic serve` prints.';
const GONE = 'The host does not answer: check whether `ergodic serve` is still running.';

export function browserShell(): Shell {
  return {
    kind: 'browser',
    can: { chooseFolders: false, reveal: false },
    connect: async () => {
      await takeToken();
      const token = sessionStorage.getItem(TOKEN);
      if (token === null) throw new Error(NO_TOKEN);
      try {
        return await openWebSocket(`ws://${location.host}/channel`, ['ergodic.1', `ergodic.token.${token}`]);
      } catch {
        // A browser does not tell why a socket did not open; asking for something else does.
        await ask('GET', '/projects');
        throw new Error('The host accepts no more windows: close one and try again.');
      }
    },
    handOver,
    openDialog: async (kind, options) => {
      if (kind !== 'files')
        throw new Error('A browser cannot choose folders: pass them with `ergodic serve --project`.');
      return handOver(await chosenFiles(), options);
    },
    projects: async () => (await ask<{ folders: FileEntry[] }>('GET', '/projects')).folders,
    fetchExport: async (file) => {
      const { address } = await ask<{ address: string }>('POST', `/downloads/${file.id}`);
      const link = document.createElement('a');
      link.href = address;
      link.download = file.name;
      link.click();
      return true;
    },
    reveal: () => Promise.reject(new Error("A browser cannot show folders on the host's machine.")),
    onCommand: () => () => undefined,
  };
}

/** An address has the token itself, or a pass to it that is good once. */
async function takeToken(): Promise<void> {
  const [, kind, given] = /^#(token|once)=([\w-]+)$/.exec(location.hash) ?? [];
  if (given === undefined) return;
  history.replaceState(history.state, '', location.pathname);
  const token = kind === 'token' ? given : (await ask<{ token: string }>('POST', `/openings/${given}`)).token;
  sessionStorage.setItem(TOKEN, token);
}

async function ask<R>(method: 'GET' | 'POST', address: string): Promise<R> {
  const response = await fetch(address, { method, headers: authorisation() }).catch(() => {
    throw new Error(GONE);
  });
  return answerOf(response.status, await response.text());
}

const authorisation = () => ({ Authorization: `Bearer ${sessionStorage.getItem(TOKEN) ?? ''}` });

function answerOf<R>(status: number, text: string): R {
  const answer = JSON.parse(text || '{}') as R & { error?: string };
  if (status === 200) return answer;
  throw new Error(answer.error ?? GONE);
}

/** One after the other, under one name for all, so that they stay together at the host. */
async function handOver(files: Iterable<File>, { onProgress, signal }: HandOverOptions = {}): Promise<FileEntry[]> {
  const all = [...files];
  const total = all.reduce((sum, { size }) => sum + size, 0);
  const drop = `${new Date().toISOString().slice(0, 19).replace(/[^\d]/g, '')}-${crypto.randomUUID().slice(0, 8)}`;
  const entries: FileEntry[] = [];
  let before = 0;
  for (const file of all) {
    const report = (sent: number) => onProgress?.({ name: file.name, sent: before + sent, total });
    report(0);
    entries.push(...(await send(file, drop, report, signal)));
    before += file.size;
    report(0);
  }
  return entries;
}

/** `fetch` does not tell how far a body has come. */
function send(
  file: File,
  drop: string,
  onSent: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<FileEntry[]> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort, { once: true });
    request.open('POST', `/files?${new URLSearchParams({ name: file.name, drop })}`);
    for (const [name, value] of Object.entries(authorisation())) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded }) => onSent(Math.min(loaded, file.size)));
    request.addEventListener('load', () => {
      try {
        resolve(answerOf<{ files: FileEntry[] }>(request.status, request.responseText).files);
      } catch (error) {
        reject(error);
      }
    });
    request.addEventListener('error', () => {
      reject(
        new Error(
          `\`${file.name}\` did not reach the host: check that it is a file and that the host is still running.`,
        ),
      );
    });
    request.addEventListener('abort', () => reject(signal?.reason));
    request.addEventListener('loadend', () => signal?.removeEventListener('abort', abort));
    request.send(file);
  });
}

function chosenFiles(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
