import { businessNumber } from '#identity/numbers/business-number.fixture.js';
import type { BusinessNumber, ForwardTarget } from '#identity/numbers/business-number.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';

/** The number of the environment. */
export const FIRST = '300000000000001';

/** The numbers of a test, the environment's first; `set` changes the forward of one, and notifies the listeners. */
export class FakeNumbers {
  readonly #listeners: Array<(ids: readonly string[]) => void> = [];
  readonly #numbers = new Map<string, BusinessNumber>();

  constructor(forward: ForwardTarget | null) {
    this.set(FIRST, forward);
  }

  set(phoneNumberId: string, forward: ForwardTarget | null): void {
    const source = phoneNumberId === FIRST ? 'environment' : 'api';
    this.#numbers.set(phoneNumberId, businessNumber({ phoneNumberId, source, forward }));
    for (const listener of this.#listeners) listener([phoneNumberId]);
  }

  get service(): NumbersService {
    const numbers = this.#numbers;
    const all = () => [...numbers.values()];
    return {
      all,
      get environment() {
        return numbers.get(FIRST) ?? null;
      },
      keptUnder: (phoneNumberId: string) => (phoneNumberId === FIRST ? [phoneNumberId, ''] : [phoneNumberId]),
      forwarded: async () => all().flatMap(({ source, forward, phoneNumberId }) => (source === 'api' && forward ? [phoneNumberId] : [])),
      onChanged: (listener: (ids: readonly string[]) => void) => void this.#listeners.push(listener),
    } as unknown as NumbersService;
  }
}
