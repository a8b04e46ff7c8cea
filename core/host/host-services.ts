/** What answers see of the host beyond what every request brings along: its options, its open project, its windows. */
import type { EngineInfo } from '../engines/engine.ts';
import type { Connection } from './connection.ts';
import type { EventBody, EventName } from './contract.ts';
import type { Grants } from './grants.ts';
import type { ProjectSession } from './project-session.ts';
import type { RecentProjects } from './recent-projects.ts';

export interface HostOptions {
  readonly shell: 'desktop' | 'browser';
  readonly version: string;
  /** Folder of what belongs to the person: recent projects, default place of new projects (`projects/`). */
  readonly home: string;
  /** Folder of what ships with the product (holds the samples, alanine-dipeptide/ and ethanol/, and specs/). */
  readonly resources: string;
}

export interface HostServices {
  readonly options: HostOptions;
  readonly grants: Grants;
  readonly recent: RecentProjects;
  readonly engines: Promise<readonly EngineInfo[]>;
  readonly session: ProjectSession | undefined;
  /** Throws a sentence where no project is open. */
  readonly openSession: ProjectSession;
  /** Opens a project, unless it is the open one; that is closed when the new one could be opened. */
  openProject(folder: () => Promise<string>): Promise<ProjectSession>;
  closeProject(): Promise<void>;
  /** To every window, or to all but one that knows already. */
  tell<N extends EventName>(name: N, body: EventBody<N>, except?: Connection): void;
}
