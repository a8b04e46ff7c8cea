/** The labels of loss terms in charts and text, as one table. */

export interface LossLabel {
  /** Title of its chart: "Denoising loss". */
  readonly title: string;
  /** In a line of text: "denoising 0.64". */
  readonly short: string;
  /** Terms that are curves of one chart: its title, and the name of the curve. */
  readonly together?: { readonly chart: string; readonly curve: string };
  /** Axis of its chart. */
  readonly axis: string;
  /** Axis of a chart of weighted terms. */
  readonly weightedAxis: string;
  /** Of its weight: "α". */
  readonly symbol?: string;
}

const labels: Readonly<Record<string, LossLabel>> = {
  denoising: { title: 'Denoising loss', short: 'denoising', axis: 'loss', weightedAxis: 'denoising loss' },
  forceMatching: {
    title: 'Force-matching loss',
    short: 'forces',
    axis: 'loss',
    weightedAxis: 'force-matching loss',
    symbol: 'forces',
  },
  torsionContrast: {
    title: 'Torsion contrast',
    short: 'contrast',
    axis: 'nats',
    weightedAxis: 'weighted torsion contrast',
    symbol: 'contrast',
  },
  fokkerPlanck: {
    title: 'Fokker–Planck loss',
    short: 'Fokker–Planck',
    axis: '(R / D)²',
    weightedAxis: 'α R² / D²',
    symbol: 'α',
  },
};

/** The size of the drift field of a bandwidth, `field 0.05`: there are as many of them as a person asks for. */
const FIELD = /^field (.*)$/;

/** A term without a line in the table is shown by its name. */
export function lossLabel(term: string): LossLabel {
  const [, bandwidth] = FIELD.exec(term) ?? [];
  if (bandwidth !== undefined) {
    const axis = 'mean ‖V‖² (model units)';
    const curve = `h = ${bandwidth}`;
    return {
      title: `Drift field, ${curve}`,
      short: `‖V‖² at h ${bandwidth}`,
      axis,
      weightedAxis: axis,
      together: { chart: 'Drift field of each bandwidth h', curve },
    };
  }
  return labels[term] ?? { title: term, short: term, axis: 'loss', weightedAxis: term };
}
