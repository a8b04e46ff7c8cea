/** What a reader's thread keeps from one question to the next. */
import { LoadedData } from './loaded-data.ts';
import { OpenFiles } from './open-files.ts';
import { OpenSources } from './open-source.ts';
import { PlanePoints } from './plane-points.ts';

export class Kept {
  readonly files = new OpenFiles();
  readonly sources = new OpenSources(this.files);
  readonly data = new LoadedData();
  readonly points = new PlanePoints();
}
