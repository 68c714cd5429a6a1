import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PeopleStore } from '#identity/people.store.js';
import type { Person } from '#identity/person.js';
import { DAY, MINUTE } from '#kernel/clock.js';
import { numberLock, Store } from '#store/store.js';
import { Log } from '#telemetry/log.js';

/** People per reading. */
const PAGE = 200;
/** After so many corrected people the database counts the rows anew. */
const ANALYZED_AT = [1_000, 100_000];

/**
 * Keeps the words right under which people are found: at the start, and once a day, it looks through all people and corrects those whom a
 * release before this one has made or renamed. It reads page by page beside the traffic, and what is right already is not written.
 */
@Injectable()
export class WordsUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #isComplete = false;
  #isEnding = false;
  #run: Promise<void> | null = null;
  #again: NodeJS.Timeout | null = null;

  constructor(
    private readonly people: PeopleStore,
    private readonly store: Store,
    private readonly log: Log,
  ) {}

  /** Whether this process has looked through everybody once: until then a search may miss people of an older release. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  onApplicationBootstrap(): void {
    void this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isEnding = true;
    if (this.#again) clearTimeout(this.#again);
    await this.#run;
  }

  /** Looks through all people; a run that is under way is the answer to a second call. */
  @Interval(DAY)
  async look(): Promise<void> {
    this.#run ??= this.#lookOnce().finally(() => {
      this.#run = null;
    });
    await this.#run;
  }

  async #lookOnce(): Promise<void> {
    try {
      let corrected = 0;
      for (let after: string | null = ''; after !== null && !this.#isEnding; await nextTurn()) {
        const page: Person[] = await this.people.page(this.store.read, after, PAGE);
        const before = corrected;
        corrected += await this.#correct(await this.people.words.outdated(this.store.read, page));
        if (ANALYZED_AT.some((many) => before < many && corrected >= many)) await this.store.write((tx) => this.people.words.analyze(tx));
        after = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
      }
      if (this.#isEnding) return;
      this.#isComplete = true;
      if (corrected > 0) this.log.pino.info({ event: 'identity.words_corrected', people: corrected }, 'People can be found by their names');
    } catch (error) {
      if (this.#isEnding) return;
      this.log.pino.warn(
        { event: 'identity.words_unreadable', error },
        'The names of people could not be looked through; it is tried again in a minute',
      );
      this.#again = setTimeout(() => void this.look(), MINUTE).unref();
    }
  }

  /** Reads once more under the lock of the number: a webhook may have renamed the person since. */
  async #correct(outdated: readonly Person[]): Promise<number> {
    let corrected = 0;
    for (const [phoneNumberId, some] of Map.groupBy(outdated, (person) => person.phoneNumberId)) {
      const keys = some.map(({ id }) => ({ phoneNumberId, personId: id }));
      await this.store.write(
        async (tx) => {
          const now = await this.people.byKeys(tx, keys);
          await this.people.words.replace(tx, ...now.values());
          corrected += now.size;
        },
        [numberLock(phoneNumberId)],
        'long',
      );
    }
    return corrected;
  }
}
