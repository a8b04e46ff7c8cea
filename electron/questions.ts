/** What the desktop asks a person in dialogs: which files, where to, and what to do when something ended or would. */
import type { MessageBoxOptions, OpenDialogOptions } from 'electron';
import type { DialogKind } from '../renderer/connect/desktop-bridge.ts';

/** Those of core/formats/molecule-formats.ts, whose readers have no place in this process. */
const structures = ['pdb', 'ent', 'cif', 'mmcif', 'gro', 'psf'];
const trajectories = ['xyz', 'extxyz', 'xtc', 'trr', 'dcd', 'nc', 'ncdf', 'netcdf', 'ncrst', 'npy', 'npz'];

export const openDialogs: Readonly<Record<DialogKind, OpenDialogOptions>> = {
  files: {
    title: 'Structures and trajectories',
    buttonLabel: 'Add',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Structures and trajectories', extensions: [...structures, ...trajectories] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  folder: {
    title: 'Folder for the project',
    buttonLabel: 'Choose',
    properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
  },
  project: { title: 'Project', buttonLabel: 'Open', properties: ['openDirectory'] },
};

/** A dialog with buttons, each of which means something. */
export interface Question<Meaning extends string> {
  readonly options: MessageBoxOptions;
  readonly meanings: readonly Meaning[];
}

function question<Meaning extends string>(
  words: { readonly type: 'question' | 'error' | 'warning'; readonly message: string; readonly detail: string },
  answers: readonly (readonly [label: string, meaning: Meaning])[],
): Question<Meaning> {
  return {
    options: {
      ...words,
      buttons: answers.map(([label]) => label),
      defaultId: 0,
      // Closing the dialog means its last answer.
      cancelId: answers.length - 1,
      noLink: true,
    },
    meanings: answers.map(([, meaning]) => meaning),
  };
}

export const closeWhileBusy = question(
  {
    type: 'question',
    message: 'Ergodic is still computing.',
    detail:
      'Paused work goes on from where it is when the project is opened again. In the background it goes on without a window until it is done.',
  },
  [
    ['Pause and Close', 'pause'],
    ['Go On in the Background', 'background'],
    ['Cancel', 'cancel'],
  ],
);

export const hostCrashed = (code: number) =>
  question(
    {
      type: 'error',
      message: 'The part of Ergodic that computes has stopped unexpectedly.',
      detail: `Stored results are safe: start it again and resume its jobs. (Exit code ${code}.)`,
    },
    [
      ['Start Again', 'again'],
      ['Quit', 'quit'],
    ],
  );

export const hostUnavailable = (sentence: string) =>
  question({ type: 'error', message: 'Ergodic cannot start.', detail: sentence }, [['Quit', 'quit']]);

export const pageCrashed = (reason: string) =>
  question(
    {
      type: 'error',
      message: 'The window has stopped unexpectedly.',
      detail: `What is being computed goes on. (Reason: ${reason}.)`,
    },
    [
      ['Load Again', 'again'],
      ['Close', 'close'],
    ],
  );

export const pageUnresponsive = question(
  {
    type: 'warning',
    message: 'The window does not respond.',
    detail: 'What is being computed goes on, whatever you choose.',
  },
  [
    ['Wait', 'wait'],
    ['Load Again', 'again'],
  ],
);
