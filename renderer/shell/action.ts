/** Something a person can do: its words, its shortcut, when it is possible. Which there are stands in actions.ts. */
import type { ShellCommand } from '../connect/shell-command.ts';
import type { IconName } from '../parts/icons.ts';

export interface Action {
  readonly title: string;
  readonly group: 'Project' | 'Edit' | 'Go to' | 'Work' | 'Window';
  /** See shortcuts.ts. */
  readonly shortcut?: string;
  readonly icon?: IconName;
  /** The name that menus of the desktop know it by. */
  readonly command?: ShellCommand;
  readonly isPossible?: () => boolean;
  run(): void;
}
