import { expect, it } from 'vitest';
import { chosenBeside, fittedToTime, timeInWords } from './chosen-layout.ts';

const chosen = {
  experts: [{ steps: 8000, batch: 512 }, { steps: 3 }],
  system: { validation: 0.1, forceMap: 'aggregated' },
  simulate: { timeStep: 5e-4 },
};

it('each expert keeps its fraction of the steps that fit, and at least one', () => {
  expect(fittedToTime(chosen, 1, 240)).toEqual({ ...chosen, experts: [{ steps: 2000, batch: 512 }, { steps: 1 }] });
  expect(fittedToTime(chosen, 10, 240)).toBe(chosen);
  expect(fittedToTime(chosen, 0, 1e9)).toBe(chosen);
  expect(fittedToTime(chosen, 1, undefined)).toBe(chosen);
});

it('the time is what a person asked for at most; where another round fits, it is said', () => {
  expect(timeInWords(0, 180)).toMatchObject({
    about: '3\u00a0min',
    ending: expect.stringMatching(/first round.*help$/),
  });
  expect(timeInWords(1, 180)).toEqual({ about: '1\u00a0min', ending: ', with as many steps as fit' });
  expect(timeInWords(5, 180)).toEqual({ about: '3\u00a0min', ending: ' for one round' });
  expect(timeInWords(6, 180).ending).toMatch(/at most 6.min$/);
});

it('what is chosen beside the experts is said by the words of the forms', () => {
  expect(chosenBeside(chosen)).toEqual(['Validation fraction 0.1', 'Force map aggregated', 'Time step 0.0005']);
});
