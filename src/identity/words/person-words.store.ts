import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import type { Person } from '#identity/person.js';
import { BatchStatement, type ColumnTypes, insertAll, type Write } from '#store/batch/batch-statement.js';
import { COUNT } from '#store/order.js';
import { PreparedRows, pick } from '#store/prepared.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import { type WordBeginnings, wordsOf } from './person-words.js';

type Row = Selectable<Schema['person_words']>;

const COLUMNS = ['phone_number_id', 'word', 'person_id'] as const;
const TYPES: ColumnTypes<Row> = { phone_number_id: 'text', word: 'text', person_id: 'text' };
/** After every text that goes on from a beginning. */
const HIGHEST = '\u{10FFFF}';
/** How far the people of a word are counted. */
const COUNTED_LIMIT = 5_000;
/** Numbers per statement: SQLite takes 500 terms, and planning takes time for each. */
const PIECE = 50;

/** A word of a person that was found. */
export interface FoundWord {
  word: string;
  personId: string;
  phoneNumberId: string;
}

/** What one reading of the index looks for. */
export interface WordQuery {
  numbers: readonly string[];
  /** The beginning that is read from the index, in its order. */
  read: string;
  /** Each word before it in the list of its alternatives: whom they find is left out here. */
  before: readonly string[];
  /** The other words of the search: the person has one of each. */
  others: readonly WordBeginnings[];
  /** People who are left out. */
  except: readonly string[];
  /** The last word that was found; null at the beginning. */
  after: Pick<FoundWord, 'word' | 'personId'> | null;
  limit: number;
}

const rowsOf = (person: Person): Row[] =>
  wordsOf(person).map((word) => ({ phone_number_id: person.phoneNumberId, word, person_id: person.id }));

/** The SQL of the words under which people are searched for. */
export class PersonWordsStore {
  readonly #insert = new PreparedRows((db: Tx, rows: Row[]) =>
    db
      .insertInto('person_words')
      .values(rows.map((row) => pick(row, COLUMNS)))
      .onConflict((conflict) => conflict.doNothing()),
  );

  /** Writes the words of a new person. */
  async insert(tx: Tx, person: Person): Promise<void> {
    await this.#insert.run(tx, rowsOf(person));
  }

  /** Writes the words of people who may have had others. */
  async replace(tx: Tx, ...people: readonly Person[]): Promise<void> {
    if (people.length === 0) return;
    const ids = people.map(({ id }) => id);
    await tx.deleteFrom('person_words').where('person_id', 'in', ids).execute();
    await this.#insert.run(tx, people.flatMap(rowsOf));
  }

  async delete(tx: Tx, personId: string): Promise<void> {
    await tx.deleteFrom('person_words').where('person_id', '=', personId).execute();
  }

  /** Lets Postgres count the rows of a table that has just been filled: until then it would read all of it for a few people. */
  async analyze(tx: Tx): Promise<void> {
    await sql`analyze person_words`.execute(tx);
  }

  /** Of these people those whose words are not what they should be. */
  async outdated(reader: Reader, people: readonly Person[]): Promise<Person[]> {
    if (people.length === 0) return [];
    const ids = people.map(({ id }) => id);
    const rows = await reader.selectFrom('person_words').select(COLUMNS).where('person_id', 'in', ids).execute();
    const kept = Map.groupBy(rows, ({ person_id }) => person_id);
    return people.filter((person) => textOf(rowsOf(person)) !== textOf(kept.get(person.id) ?? []));
  }

  /** How many words of people begin with each word of a search, counted to a limit: the rarest is read first. */
  async counts(reader: Reader, numbers: readonly string[], words: readonly WordBeginnings[]): Promise<number[]> {
    const count = async (beginning: string): Promise<number> => {
      const some = reader
        .selectFrom('person_words')
        .select('word')
        .where('phone_number_id', 'in', [...numbers])
        .where('word', '>=', beginning)
        .where('word', '<', beginning + HIGHEST)
        .limit(COUNTED_LIMIT);
      return Number((await reader.selectFrom(some.as('some')).select(COUNT).executeTakeFirstOrThrow()).n);
    };
    // Each beginning is a range of the index; of two in one condition SQLite would read the whole index.
    return Promise.all(words.map(async (beginnings) => (await Promise.all(beginnings.map(count))).reduce((sum, n) => sum + n, 0)));
  }

  /** Each person once, by the first of their words that begins so, in the order of the words; of each number no more rows are read than asked for. */
  async find(reader: Reader, query: WordQuery): Promise<FoundWord[]> {
    const { numbers, limit } = query;
    const found: FoundWord[] = [];
    for (let from = 0; from < numbers.length; from += PIECE) {
      const [first, ...others] = numbers
        .slice(from, from + PIECE)
        .map((id) => reader.selectFrom(ofNumber(reader, id, query).as('words')).selectAll());
      if (!first) break;
      const all = others.reduce((together, one) => together.unionAll(one), first);
      const inOrder = reader.selectFrom(all.as('each')).selectAll().orderBy('word').orderBy('personId');
      found.push(...(await inOrder.limit(limit).execute()));
    }
    return found.sort(byWord).slice(0, limit);
  }
}

/** As the index sorts. */
const byWord = (a: FoundWord, b: FoundWord): number =>
  Buffer.compare(Buffer.from(a.word), Buffer.from(b.word)) || (a.personId < b.personId ? -1 : 1);

function ofNumber(reader: Reader, number: string, { read, before, others, except, after, limit }: WordQuery) {
  let words = reader
    .selectFrom('person_words as w')
    .select(['w.word', 'w.person_id as personId', 'w.phone_number_id as phoneNumberId'])
    .where('w.phone_number_id', '=', number)
    .where('w.word', '>=', after?.word ?? read)
    .where('w.word', '<', read + HIGHEST);
  // Beside `>=` above. Of a pair in one condition SQLite would read the index of all numbers.
  if (after) words = words.where(({ or, eb }) => or([eb('w.word', '>', after.word), eb('w.person_id', '>', after.personId)]));
  if (except.length > 0) words = words.where('w.person_id', 'not in', [...except]);
  for (const word of others) words = words.where(({ exists, selectFrom }) => exists(beginning(wordsOfSame(selectFrom), word)));
  words = words.where(({ not, exists, selectFrom }) =>
    not(exists(ofEach(wordsOfSame(selectFrom).where('o.word', '>=', read).whereRef('o.word', '<', 'w.word')))),
  );
  for (const one of before)
    words = words.where(({ not, exists, selectFrom }) => not(exists(ofEach(beginning(wordsOfSame(selectFrom), [one])))));
  return words.orderBy('w.word').orderBy('w.person_id').limit(limit);
}

type SelectFrom = ExpressionBuilder<Schema & { w: Schema['person_words'] }, 'w'>['selectFrom'];

const wordsOfSame = (selectFrom: SelectFrom) =>
  selectFrom('person_words as o').select('o.word').whereRef('o.person_id', '=', 'w.person_id');

/** Has the subquery read the index for each row: Postgres would join an exclusion, and read the whole table for one of few words. */
const ofEach = (words: ReturnType<typeof wordsOfSame>) => words.limit(1).offset(0);

const beginning = (words: ReturnType<typeof wordsOfSame>, beginnings: WordBeginnings) =>
  words.where(({ or, and, eb }) => or(beginnings.map((one) => and([eb('o.word', '>=', one), eb('o.word', '<', one + HIGHEST)]))));

const textOf = (rows: readonly Row[]): string =>
  rows
    .map(({ phone_number_id, word }) => `${phone_number_id} ${word}`)
    .sort()
    .join('\n');

const ADD = insertAll('person_words', TYPES, sql`on conflict do nothing`);
/** Takes the ids of people, and each of them with each word that stays: the parts of one statement see no rows of each other. */
const DELETE_STALE = new BatchStatement(
  () => sql`delete from person_words where person_id = any(${[]}::text[]) and not (person_id || ' ' || word = any(${[]}::text[]))`,
);

/** What a batch writes of the words of people. @param known those who may have had others */
export function wordWrites(people: readonly Person[], known: ReadonlySet<string>): Write[] {
  const rows = people.flatMap(rowsOf);
  const former = people.filter(({ id }) => known.has(id)).map(({ id }) => id);
  const staying = () => rows.map(({ person_id, word }) => `${person_id} ${word}`);
  return [...(former.length > 0 ? [DELETE_STALE.with(former, staying())] : []), ...ADD.of(rows)];
}
