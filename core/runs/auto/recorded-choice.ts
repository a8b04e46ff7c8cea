/** What a run record says of an automatic choice: what it was, how the rounds of training went, and why they ended. */
import { z } from 'zod';

const roundSchema = z.strictObject({
  /** Training time so far, seconds. */
  seconds: z.number(),
  /** Free-energy error of samples over the noise floor of as many frames; null where it cannot be told. */
  ratio: z.number().nullable(),
  ratioError: z.number().nullable(),
  /** On held-out frames, all networks and terms with their weights; absent where none are held out. */
  validationLoss: z.number().optional(),
});

export const recordedChoiceSchema = z.strictObject({
  /** Longest time to train; 0: as long as it helps. */
  minutes: z.number().min(0),
  /** What was chosen, for a person. */
  sentence: z.string(),
  rounds: z.array(roundSchema),
  /** Whether networks were trained again with fewer steps, because they had learned their frames by heart. */
  shortened: z.literal(true).optional(),
  /** Why training ended; absent while it goes on. */
  ending: z.string().optional(),
});

export type RecordedChoice = Readonly<z.infer<typeof recordedChoiceSchema>>;
export type RoundOutcome = RecordedChoice['rounds'][number];
