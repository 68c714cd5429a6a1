import { Injectable } from '@nestjs/common';
import { PeopleService } from '#identity/people.service.js';
import { PeopleStore } from '#identity/people.store.js';
import type { Person, PersonKey } from '#identity/person.js';
import { Store } from '#store/store.js';
import { type WordBeginnings, wordsSought } from './person-words.js';
import type { WordQuery } from './person-words.store.js';

/** Where a search goes on. */
export interface PeopleCursor {
  /** Which word of the search is read, and which of its beginnings; -1 while the person with the address itself is shown. */
  word: number;
  beginning: number;
  /** The last word and person that were found. */
  found: string;
  personId: string;
}

/** A person who was found, and where the search goes on after them. */
export interface FoundPerson {
  person: Person;
  cursor: PeopleCursor;
}

/** Searches people of numbers by name, number, user name or BSUID, and lists those first whom a caller of it adds. */
@Injectable()
export class PeopleSearchService {
  constructor(
    private readonly people: PeopleService,
    private readonly rows: PeopleStore,
    private readonly store: Store,
  ) {}

  /**
   * The people of whom each word of the search begins a word: those whose address it is, and `others`, first, then by the word that was found. Accents and
   * case do not count; digits are also found at the end of a number.
   * @param after the cursor of the last one of the page before; null for the first page
   * @param others people of these numbers whom the search means, too, such as by the reference of a call
   */
  async search(
    numbers: readonly string[],
    search: string,
    limit: number,
    after: PeopleCursor | null,
    others: readonly PersonKey[],
  ): Promise<FoundPerson[]> {
    if (numbers.length === 0) return [];
    const exact = await this.#meant(numbers, search, others);
    const words = wordsSought(search);
    const word = after && after.word < words.length ? after.word : await this.#rarest(numbers, words);
    const addressed = exact.filter(({ id }) => !after || (after.beginning < 0 && id > after.personId)).slice(0, limit);
    const found = addressed.map((person) => ({ person, cursor: { word, beginning: -1, found: '', personId: person.id } }));
    const beginnings = words[word] ?? [];
    const [except, otherWords] = [exact.map(({ id }) => id), words.filter((_, i) => i !== word)];
    for (let at = Math.max(0, after?.beginning ?? 0); at < beginnings.length && found.length < limit; at += 1) {
      const read = beginnings[at] ?? '';
      const last = placeIn(after, at, read);
      const query = {
        numbers,
        read,
        before: beginnings.slice(0, at),
        others: otherWords,
        except,
        after: last,
        limit: limit - found.length,
      };
      found.push(...(await this.#read(query, word, at)));
    }
    return found;
  }

  /** Who is meant by the whole search, in the order of their ids. */
  async #meant(numbers: readonly string[], search: string, others: readonly PersonKey[]): Promise<Person[]> {
    const [addressed, referred] = await Promise.all([this.people.findAtEach(numbers, search), this.people.byKeys(others)]);
    const meant = new Map([...addressed, ...referred.values()].map((person) => [person.id, person]));
    return [...meant.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async #read(query: WordQuery, word: number, beginning: number): Promise<FoundPerson[]> {
    const rows = await this.rows.words.find(this.store.read, query);
    const people = await this.people.byKeys(rows);
    return rows.flatMap(({ word: found, personId }) => {
      const person = people.get(personId);
      return person ? { person, cursor: { word, beginning, found, personId } } : [];
    });
  }

  /** The word of which fewest people have one; of equals the longest. */
  async #rarest(numbers: readonly string[], words: readonly WordBeginnings[]): Promise<number> {
    if (words.length < 2) return 0;
    const counts = await this.rows.words.counts(this.store.read, numbers, words);
    const length = (at: number): number => words[at]?.[0].length ?? 0;
    const [first = 0] = words.map((_, at) => at).sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || length(b) - length(a));
    return first;
  }
}

/** The last word of the page before, where it stands in what is read now. */
const placeIn = (after: PeopleCursor | null, beginning: number, read: string): WordQuery['after'] =>
  after?.beginning === beginning && after.found.startsWith(read) ? { word: after.found, personId: after.personId } : null;
