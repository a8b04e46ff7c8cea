/**
 * What a window may ask of the main process: a way to the host, and files by way of a person. Every question is checked
 * for who asks and what is asked; an answer is a result or a sentence. Not here: questions to the host.
 */
import { constants } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import type { OpenDialogOptions, SaveDialogOptions } from 'electron';
import type { FileEntry } from '../core/host/contract.ts';
import type { Answer, DialogKind } from '../renderer/connect/desktop-bridge.ts';
import type { HostLink } from './host-link.ts';
import { openDialogs } from './questions.ts';
import { isOurPage, type SenderFrame } from './security.ts';

/** Electron's IpcMain, WebFrameMain, dialog and shell, as far as they are needed. */
export interface RequestParts<Port, Frame extends PageFrame<Port>> {
  readonly link: Pick<HostLink<Port>, 'connect' | 'grant' | 'pathOf'>;
  /** Resolves when the host is there; after a crash, when a person has had it started again. */
  hostReady(): Promise<void>;
  handle(channel: string, answer: (event: { readonly senderFrame: Frame | null }, word: unknown) => unknown): void;
  newChannel(): { readonly port1: Port; readonly port2: Port };
  openDialog(options: OpenDialogOptions): Promise<{ canceled: boolean; filePaths: string[] }>;
  saveDialog(options: SaveDialogOptions): Promise<{ canceled: boolean; filePath: string }>;
  showInFolder(path: string): void;
  readonly downloads: string;
}

export interface PageFrame<Port> extends SenderFrame {
  postMessage(channel: string, message: unknown, ports: Port[]): void;
}

const MAX_FILES = 10_000;

export function answerRequests<Port, Frame extends PageFrame<Port>>(parts: RequestParts<Port, Frame>): void {
  const { link } = parts;
  const answer = <R>(name: string, work: (word: unknown, frame: Frame) => Promise<R>): void => {
    parts.handle(`ergodic:${name}`, async ({ senderFrame }, word): Promise<Answer<R>> => {
      if (!senderFrame || !isOurPage(senderFrame)) return { error: 'Only the window of Ergodic may ask for this.' };
      try {
        return { result: await work(word, senderFrame) };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    });
  };

  answer('connect', async (_, frame) => {
    await parts.hostReady();
    const { port1, port2 } = parts.newChannel();
    await link.connect(port1);
    frame.postMessage('ergodic:port', null, [port2]);
    return null;
  });

  answer('hand-over', async (paths): Promise<readonly FileEntry[]> => {
    if (!Array.isArray(paths) || paths.length > MAX_FILES || !paths.every((path) => typeof path === 'string')) {
      throw new Error('Files cannot be handed over like this: drop them, or choose them in the dialog.');
    }
    const real = paths.filter((path) => isAbsolute(path));
    if (real.length < paths.length) throw new Error('This is no file on a disk: save it first, then drop it.');
    return link.grant(real);
  });

  answer('open-dialog', async (kind): Promise<readonly FileEntry[]> => {
    if (typeof kind !== 'string' || !Object.hasOwn(openDialogs, kind)) throw new Error('There is no such dialog.');
    const { canceled, filePaths } = await parts.openDialog(openDialogs[kind as DialogKind]);
    return canceled ? [] : link.grant(filePaths);
  });

  answer('save-copy', async (file): Promise<boolean> => {
    const from = await link.pathOf(fileName(file));
    const { canceled, filePath } = await parts.saveDialog({ defaultPath: join(parts.downloads, basename(from)) });
    if (canceled || filePath === '') return false;
    await copy(from, filePath);
    return true;
  });

  answer('reveal', async (file) => {
    parts.showInFolder(await link.pathOf(fileName(file)));
    return null;
  });
}

function fileName(file: unknown): string {
  if (typeof file === 'string') return file;
  throw new Error('A file is named by its id.');
}

/** The dialog has asked already whether a file that is there is to be replaced. */
async function copy(from: string, to: string): Promise<void> {
  const [source, target] = await Promise.all([stat(from), stat(to).catch(() => undefined)]);
  if (target && source.dev === target.dev && source.ino === target.ino) return;
  await copyFile(from, to, constants.COPYFILE_FICLONE).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`\`${basename(to)}\` cannot be written there (${why}): choose another place.`);
  });
}
