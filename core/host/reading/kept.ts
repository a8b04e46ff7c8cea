/** What a reader's thread keeps from one question to the next. */
import { OpenFiles } from './open-files.ts';
import { OpenSources } from './open-source.ts';

export class Kept {
  readonly files = new OpenFiles();
  readonly sources = new OpenSources(this.files);
}
