/** What a reader's thread keeps from one question to the next: of each kind only so much. */
import type { Interval } from '../../systems/toys/toy-system.ts';
import type { Distribution } from '../contract.ts';
import type { Chosen } from './drafts/chosen.ts';
import { LoadedData } from './drafts/loaded-data.ts';
import type { StepMeasure } from './drafts/step-measure.ts';
import { BeadFrames } from './files/bead-frames.ts';
import { OpenFiles } from './files/open-files.ts';
import { OpenSources } from './files/open-source.ts';
import { RecentlyUsed } from './recently-used.ts';
import { OpenRuns } from './results/open-run.ts';
import { PlanePoints } from './results/plane-points.ts';
import { StoredSets } from './results/stored-sets.ts';

const MOST_MEASURES = 256;
const MOST_CHOICES = 8;
/** A few runs beside one another, three sets of each. */
const MOST_DISTRIBUTIONS = 48;

export class ReaderCaches implements AsyncDisposable {
  readonly files = new OpenFiles();
  readonly sources = new OpenSources(this.files);
  readonly beadFrames = new BeadFrames(this.sources);
  readonly data = new LoadedData();
  readonly points = new PlanePoints();
  readonly runs = new OpenRuns();
  readonly sets = new StoredSets(this.files);
  readonly distributions = new RecentlyUsed<Distribution>(MOST_DISTRIBUTIONS);
  /** Where the lengths of bonds are counted. */
  readonly ranges = new RecentlyUsed<Interval[]>(MOST_DISTRIBUTIONS);
  readonly choices = new RecentlyUsed<Chosen>(MOST_CHOICES);
  readonly measures = new RecentlyUsed<StepMeasure>(MOST_MEASURES);

  async [Symbol.asyncDispose](): Promise<void> {
    await this.files[Symbol.asyncDispose]();
  }
}
