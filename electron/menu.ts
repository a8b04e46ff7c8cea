/**
 * The menus, as data: what the window can do under the names that it knows, and what every system's menus have.
 * Shortcuts are shown here and heard by the window, which knows what a person is typing into.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from '../renderer/connect/shell-command.ts';

export interface MenuOptions {
  readonly isMac: boolean;
  /** Developers of the product get the developer tools. */
  readonly isDevelopment: boolean;
  send(command: ShellCommand): void;
}

const stages = ['Data', 'Experts', 'Train', 'Sample', 'Simulate', 'Compare'] as const;
const separator: MenuItemConstructorOptions = { type: 'separator' };

export function menuTemplate({ isMac, isDevelopment, send }: MenuOptions): MenuItemConstructorOptions[] {
  const item = (label: string, command: ShellCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => send(command),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const settings = item('Settings…', 'settings', 'CmdOrCtrl+,');
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      item('New Project…', 'new-project', 'CmdOrCtrl+Shift+N'),
      item('Open Project…', 'open-project', 'CmdOrCtrl+Shift+O'),
      separator,
      item('Add Files…', 'open-files', 'CmdOrCtrl+O'),
      separator,
      ...(isMac ? [] : [settings, separator]),
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  };
  const edit: MenuItemConstructorOptions = {
    label: '&Edit',
    submenu: [
      item('Undo', 'undo', 'CmdOrCtrl+Z'),
      item('Redo', 'redo', 'CmdOrCtrl+Shift+Z'),
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      ...stages.map((title, index) => item(title, `stage-${index + 1}` as ShellCommand, `CmdOrCtrl+${index + 1}`)),
      separator,
      item('Find an Action…', 'palette', 'CmdOrCtrl+K'),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(isDevelopment ? [separator, { role: 'toggleDevTools' } as const] : []),
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [item('Keyboard', 'keyboard'), ...(isMac ? [] : [{ role: 'about' } as const])],
  };
  const own: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
  return isMac ? [own, file, edit, view, { role: 'windowMenu' }, help] : [file, edit, view, help];
}
