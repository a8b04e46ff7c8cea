/** What a training step of a network takes on this machine. */
export interface StepMeasure {
  readonly secondsPerStep: number;
  /** Of the engine and of the training state outside of it. */
  readonly bytes: number;
}
