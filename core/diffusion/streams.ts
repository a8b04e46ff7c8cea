/**
 * Which random stream is for what. A number is named by (seed, stream, step, sample, element), so two uses within one
 * program must not share a stream, or they receive the very same numbers.
 */
export const streams = {
  trainingTime: 1,
  trainingNoise: 2,
  trainingRotation: 3,
  firstProbe: 4,
  secondProbe: 5,
  residualNoise: 6,
  samplingStart: 7,
  samplingNoise: 8,
  velocities: 9,
  thermostat: 10,
  contrastTorsion: 20,
  /** One for each torsion that turns with others. */
  contrastAngles: 21,
  /** And the numbers up to 15 above it. */
  furtherProbes: 1000,
  torsionAngle: 31,
  torsionChoice: 32,
  torsionAcceptance: 33,
  replicaStarts: 34,
} as const;
