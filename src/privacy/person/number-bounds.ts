import { type ChangeSource, changesOf } from '#dialog360/webhook/named-number.js';
import { list, parseJson, record } from '#kernel/read.js';
import { phoneKey } from '#kernel/wa-id.js';

/** A business number as far as texts name it. */
export type NumberName = Pick<ChangeSource, 'displayPhoneNumber' | 'wabaId'> & { phoneNumberId: string };

/**
 * In whose rows a person is erased: in those of one business number, and in what names no number of this gateway. What is about another
 * of its numbers stays as it is, also where it stands in one text with what goes.
 */
export class NumberBounds {
  readonly #others: ReadonlySet<string>;
  readonly #display: string | null;
  readonly #displays: ReadonlySet<string>;
  readonly #accounts: ReadonlySet<string>;

  /** @param phoneNumberId null while this gateway knows no number */
  constructor(
    readonly phoneNumberId: string | null,
    numbers: readonly NumberName[],
  ) {
    const own = numbers.find((number) => number.phoneNumberId === phoneNumberId);
    const others = numbers.filter((number) => number !== own);
    this.#display = own?.displayPhoneNumber ? phoneKey(own.displayPhoneNumber) : null;
    this.#others = new Set(others.map((number) => number.phoneNumberId));
    this.#displays = new Set(others.flatMap(({ displayPhoneNumber }) => (displayPhoneNumber === null ? [] : phoneKey(displayPhoneNumber))));
    const account = own?.wabaId ?? null;
    // While the own account is not known, every account may be the own one.
    this.#accounts = new Set(account === null ? [] : others.flatMap(({ wabaId }) => (wabaId === null || wabaId === account ? [] : wabaId)));
  }

  /**
   * The changes of a delivery that are about other numbers, as they stand in it.
   * @param broughtBy the number with whose token it came; what names no number is about that one. Null where it is not known
   */
  othersIn(delivery: unknown, broughtBy: string | null): ReadonlySet<unknown> {
    if (this.#others.size === 0) return NONE;
    const changes = [...changesOf(list(record(delivery)?.entry))];
    return new Set(
      changes
        .filter((change) => (this.isOther(broughtBy) ? !this.#isAboutThis(change) : this.#isAboutOther(change)))
        .map(({ item }) => item),
    );
  }

  /** Whether an answer is about another number: it names one, and not this one. @param body JSON; null while there is none */
  isAnswerOfOther(body: string | null): boolean {
    if (this.#others.size === 0 || body === null) return false;
    return this.#namesOther([...idsIn(parseJson(body))]);
  }

  /** The same for a text without the shape of a delivery, brought by a number or by one that is not known. */
  isTextOfOther(text: string, broughtBy: string | null): boolean {
    const ids = text.match(/\d{5,}/g) ?? [];
    if (this.isOther(broughtBy)) return !ids.some((id) => id === this.phoneNumberId);
    return this.#others.size > 0 && this.#namesOther(ids);
  }

  /** Whether a row belongs to another number by its column. */
  isOther(phoneNumberId: string | null): boolean {
    return phoneNumberId !== null && this.#others.has(phoneNumberId);
  }

  #namesOther(ids: readonly string[]): boolean {
    return ids.some((id) => this.#others.has(id)) && !ids.some((id) => id === this.phoneNumberId);
  }

  #isAboutThis({ phoneNumberId, displayPhoneNumber }: ChangeSource): boolean {
    if (phoneNumberId !== null) return phoneNumberId === this.phoneNumberId;
    return displayPhoneNumber !== null && phoneKey(displayPhoneNumber) === this.#display;
  }

  /** As the inbox decides for which number an element is: by id, else by display number, else by account. */
  #isAboutOther({ phoneNumberId, displayPhoneNumber, wabaId }: ChangeSource): boolean {
    if (phoneNumberId !== null) return this.#others.has(phoneNumberId);
    if (displayPhoneNumber !== null) return this.#displays.has(phoneKey(displayPhoneNumber));
    return wabaId !== null && this.#accounts.has(wabaId);
  }
}

const NONE: ReadonlySet<unknown> = new Set();

/** Every `phone_number_id` at any depth. */
function* idsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* idsIn(item);
  for (const [name, member] of Object.entries(record(value) ?? {})) {
    if (name === 'phone_number_id' && typeof member === 'string') yield member;
    else yield* idsIn(member);
  }
}
