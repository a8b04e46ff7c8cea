/**
 * Everything a person can do from anywhere in the window, declared once: its words, its shortcut, when it is possible.
 * The command palette, the shortcuts, the help and the desktop's menus are made from this list. What only one stage can
 * do, the stage adds while it is shown (shell/shell-context.svelte.ts).
 */
import type { ShellCommand } from './connect/shell-command.ts';
import type { Action } from './shell/action.ts';
import type { ShellState } from './shell/shell-state.svelte.ts';
import { stages } from './stages/registry.ts';
import { settings } from './state/settings.svelte.ts';
import type { Workspace } from './state/workspace.svelte.ts';

export function windowActions(workspace: Workspace, shell: ShellState): Action[] {
  const { jobs } = workspace;
  const inProject = () => workspace.project !== undefined;
  return [
    {
      title: 'New project…',
      group: 'Project',
      icon: 'add',
      shortcut: 'Mod+Shift+N',
      command: 'new-project',
      run: () => shell.show('new-project'),
    },
    {
      title: 'Open project…',
      group: 'Project',
      icon: 'folder',
      shortcut: 'Mod+Shift+O',
      command: 'open-project',
      run: () => shell.show('open-project'),
    },
    {
      title: 'Open the sample project',
      group: 'Project',
      icon: 'sample',
      run: () => void workspace.openSample(),
    },
    {
      title: 'Open the ethanol sample',
      group: 'Project',
      icon: 'sample',
      run: () => void workspace.openSample('ethanol'),
    },
    {
      title: 'Close project',
      group: 'Project',
      icon: 'close',
      isPossible: inProject,
      run: () => void workspace.closeProject(),
    },
    {
      title: 'Add files…',
      group: 'Project',
      icon: 'file',
      shortcut: 'Mod+O',
      command: 'open-files',
      isPossible: inProject,
      run: () => void shell.addFiles(),
    },
    {
      title: 'Undo',
      group: 'Edit',
      icon: 'undo',
      shortcut: 'Mod+Z',
      command: 'undo',
      isPossible: () => workspace.project?.undoes !== undefined,
      run: () => workspace.project?.undo(),
    },
    {
      title: 'Redo',
      group: 'Edit',
      icon: 'redo',
      shortcut: 'Mod+Shift+Z Mod+Y',
      command: 'redo',
      isPossible: () => workspace.project?.redoes !== undefined,
      run: () => workspace.project?.redo(),
    },
    {
      title: 'Settings as a command…',
      group: 'Edit',
      icon: 'copy',
      isPossible: inProject,
      run: () => shell.show('command'),
    },
    ...stages.map(
      (stage, index): Action => ({
        title: `Go to ${stage.title}`,
        group: 'Go to',
        icon: stage.icon,
        shortcut: `Mod+${index + 1} ${index + 1}`,
        command: `stage-${index + 1}` as ShellCommand,
        isPossible: inProject,
        run: () => workspace.go(stage.name),
      }),
    ),
    {
      title: 'Pause the running job',
      group: 'Work',
      icon: 'pause',
      isPossible: () => jobs.atWork?.state === 'running',
      run: () => jobs.atWork && jobs.pause(jobs.atWork.id),
    },
    {
      title: 'Resume the paused job',
      group: 'Work',
      icon: 'play',
      isPossible: () => jobs.all.some(({ state }) => state === 'paused'),
      run: () => {
        const paused = jobs.all.find(({ state }) => state === 'paused');
        if (paused) jobs.resume(paused.id);
      },
    },
    {
      title: 'Show the job queue',
      group: 'Work',
      icon: 'menu',
      shortcut: 'Mod+J',
      isPossible: inProject,
      run: () => shell.toggleQueue(),
    },
    {
      title: 'Command palette',
      group: 'Window',
      icon: 'search',
      shortcut: 'Mod+K Mod+Shift+P',
      command: 'palette',
      run: () => shell.show('palette'),
    },
    {
      title: 'Light or dark',
      group: 'Window',
      icon: 'moon',
      run: () => settings.turn(),
    },
    {
      title: 'Settings',
      group: 'Window',
      icon: 'settings',
      shortcut: 'Mod+,',
      command: 'settings',
      run: () => shell.show('settings'),
    },
    {
      title: 'Keyboard shortcuts',
      group: 'Window',
      icon: 'help',
      shortcut: '?',
      command: 'keyboard',
      run: () => shell.show('keyboard'),
    },
  ];
}
