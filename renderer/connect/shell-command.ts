/** What a menu of the desktop asks the window to do. */
export const shellCommands = [
  'new-project',
  'open-project',
  'open-files',
  'undo',
  'redo',
  'palette',
  'settings',
  'keyboard',
  'stage-1',
  'stage-2',
  'stage-3',
  'stage-4',
  'stage-5',
  'stage-6',
] as const;
export type ShellCommand = (typeof shellCommands)[number];
