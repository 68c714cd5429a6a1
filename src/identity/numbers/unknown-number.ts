import { Problem } from '#kernel/problem.js';
import type { BusinessNumber } from './business-number.js';
import type { NumberProver } from './number-prover.js';

/** The prover while none is registered. */
export const NO_PROVER: NumberProver = {
  find: async () => undefined,
  reason: null,
  declared: null,
  assertProven: async () => {
    throw new Problem('number_unproven', { params: { message: 'not asked' } });
  },
};

/** The number that is meant without an id. */
export const onlyNumber = (numbers: readonly BusinessNumber[]): BusinessNumber | null =>
  numbers.length === 1 ? (numbers[0] ?? null) : null;

/** @throws Problem `unknown_number`, which names none but the only number that is reached */
export function unknownNumber(phoneNumberId: string, reached: readonly BusinessNumber[]): never {
  const one = onlyNumber(reached)?.phoneNumberId;
  const message =
    one === undefined
      ? { en: 'must be one of your numbers', es: 'debe ser uno de sus números' }
      : { en: `must be ${one}`, es: `debe ser ${one}` };
  throw new Problem('unknown_number', { params: { phone_number_id: phoneNumberId }, errors: [{ field: 'phone_number_id', message }] });
}
