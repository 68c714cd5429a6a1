import { type JsonRecord, record } from '#kernel/read.js';

/** By what a person is recognised in what is kept. */
export interface Marks {
  /** Phone numbers in every writing, BSUIDs, and the ids of calls and messages at Meta: a `wacid` or `wamid` holds the number. */
  readonly ids: readonly string[];
  /** The gateway's own ids of the calls with this person. */
  readonly callIds: readonly string[];
}

/** Members of an event or an answer that identify a user, or quote what the user or Meta wrote. */
const PERSONAL = new Set([
  'user',
  'call_id',
  'reference',
  'session',
  'cta_payload',
  'deeplink_payload',
  'message_id',
  'context_id',
  'upstream',
]);

/** Recognises one person in texts and JSON of any shape. One look-up per word, however many ids there are. */
export class Traces {
  readonly #ids: ReadonlySet<string>;
  readonly #all: ReadonlySet<string>;

  constructor({ ids, callIds }: Marks) {
    this.#ids = new Set(ids.map(bare));
    this.#all = new Set([...this.#ids, ...callIds]);
  }

  /** Whether a text names the person, or a call with them. */
  isIn(text: string): boolean {
    return wordsOf(text).some((word) => this.#all.has(word));
  }

  /**
   * JSON without the person: every member of a list that names them goes, with all that stands in it. The same object when
   * the person is not found; `undefined` when no list holds what names them, so that nothing can stay.
   * @param spared parts that stay as they are, and what holds them
   */
  without(value: unknown, spared: ReadonlySet<unknown> = new Set()): unknown {
    const { kept, tainted } = this.#without(value, spared);
    return tainted ? undefined : kept;
  }

  /**
   * What `without` leaves out: of each list the members that name the person, whole, and what holds them. Undefined when the person is not
   * found; the same object when no list holds what names them.
   */
  partAbout(value: unknown, spared: ReadonlySet<unknown> = new Set()): unknown {
    const { kept, tainted } = this.#without(value, spared);
    if (tainted) return value;
    if (kept === value) return undefined;
    if (Array.isArray(value)) return value.flatMap((item) => this.partAbout(item, spared) ?? []);
    return mapped(value as JsonRecord, (_, member) => (isNested(member) ? (this.partAbout(member, spared) ?? emptyOf(member)) : member));
  }

  /** An event or answer about the person with every personal member null: what happened and when stays, the user does not. */
  anonymous(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.anonymous(item));
    const members = record(value);
    if (!members) return (typeof value === 'string' || typeof value === 'number') && this.#names(String(value)) ? null : value;
    return mapped(members, (name, member) => (PERSONAL.has(name) ? blank(member) : this.anonymous(member)));
  }

  #names(text: string): boolean {
    return wordsOf(text).some((word) => this.#ids.has(word));
  }

  #without(value: unknown, spared: ReadonlySet<unknown>): Reduced {
    if (typeof value === 'string' || typeof value === 'number') return { kept: value, tainted: this.isIn(String(value)), spares: false };
    if (typeof value !== 'object' || value === null || spared.has(value)) return { kept: value, tainted: false, spares: spared.has(value) };
    return Array.isArray(value) ? this.#listWithout(value, spared) : this.#recordWithout(value as JsonRecord, spared);
  }

  #listWithout(value: unknown[], spared: ReadonlySet<unknown>): Reduced {
    const items = value.map((item) => this.#without(item, spared));
    const changed = items.some(({ kept, tainted }, index) => tainted || kept !== value[index]);
    const kept = changed ? items.filter(({ tainted }) => !tainted).map((item) => item.kept) : value;
    return { kept, tainted: false, spares: items.some(({ spares }) => spares) };
  }

  #recordWithout(value: JsonRecord, spared: ReadonlySet<unknown>): Reduced {
    const members = Object.entries(value).map(([name, member]) => {
      const found = this.#without(member, spared);
      return { name, ...found, tainted: found.tainted || this.isIn(name), changed: found.kept !== member };
    });
    const tainted = members.some((member) => member.tainted);
    const spares = members.some((member) => member.spares);
    const staying = spares ? members.filter((member) => member.spares || !member.tainted) : members;
    const changed = staying.length < members.length || members.some((member) => member.changed);
    const kept = changed ? Object.fromEntries(staying.map((member) => [member.name, member.kept])) : value;
    return { kept, tainted: tainted && !spares, spares };
  }
}

/** A part of JSON without the person; tainted when it names them and holds no list that could let go of that. */
interface Reduced {
  kept: unknown;
  tainted: boolean;
  /** Whether it holds what is spared. */
  spares: boolean;
}

const blank = (value: unknown): unknown => {
  const members = record(value);
  return members ? mapped(members, () => null) : null;
};

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

const emptyOf = (value: object): object => (Array.isArray(value) ? [] : {});

const mapped = (members: JsonRecord, change: (name: string, member: unknown) => unknown): JsonRecord =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(name, member)]));

/** The words of a text that could be an id: whole, split at slashes as in an address, and every run of digits. */
function wordsOf(text: string): string[] {
  const words = (text.match(/[\w.=+/-]{7,}/g) ?? []).flatMap((word) => [bare(word), ...word.split('/').map(bare)]);
  return [...words, ...(text.match(/\d{7,}/g) ?? [])];
}

/** An id without what punctuation may have put around it. */
const bare = (word: string): string => word.replace(/^[.=+/-]+|[.=+/-]+$/g, '');
