import { Secret } from '#kernel/secret.js';
import { type BusinessNumber, toBusinessNumber } from './business-number.js';
import { environmentRow } from './numbers.store.js';

/** A number of the environment, with what a test says of it. */
export const businessNumber = (given: Partial<BusinessNumber> = {}): BusinessNumber => ({
  ...toBusinessNumber(environmentRow('300000000000001', 0), {
    mode: 'live',
    apiKey: new Secret('key-of-the-number'),
    webhookTokenDigests: [],
    forward: null,
  }),
  ...given,
});
