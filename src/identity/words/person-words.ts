import type { Person } from '#identity/person.js';
import { phoneWritings } from '#kernel/wa-id.js';

/** Longer words are found by their first characters. */
const LONGEST_WORD = 64;
/** Of a longer name the first words are kept. */
const MOST_WORDS = 24;
/** Stands before a number that is written backwards: its last digits are the beginning of that word. No word of a name begins with it. */
const BACKWARDS = '<';

/** Letters that have no decomposition into a base letter and a mark. */
const PLAIN: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i' };
const WITHOUT_DECOMPOSITION = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/** What a person is found by. */
type Named = Pick<Person, 'waId' | 'userId' | 'parentUserId' | 'username' | 'name'>;

/** One word of a search: the person has a word that begins with one of these. */
export type WordBeginnings = readonly [string, ...string[]];

/** The words of a text in lower case and without accents: `Pérez-Núñez` gives `perez` and `nunez`. */
export const wordsIn = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(WITHOUT_DECOMPOSITION, (letter) => PLAIN[letter] ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((word) => (word === '' ? [] : [...word].slice(0, LONGEST_WORD).join('')));

/** Every word under which a person is found: of the name and the user name, the number forwards and backwards, and the BSUIDs. */
export function wordsOf({ waId, userId, parentUserId, username, name }: Named): string[] {
  const names = [...wordsIn(name ?? ''), ...wordsIn(username ?? '')].slice(0, MOST_WORDS);
  const numbers = waId ? phoneWritings(waId).flatMap((digits) => [digits, backwards(digits)]) : [];
  const ids = [userId, parentUserId].flatMap((id) => (id ? id.toLowerCase() : []));
  return [...new Set([...names, ...numbers, ...ids])];
}

/** The words of a search, in any order. None for a text without letters and digits. */
export function wordsSought(search: string): WordBeginnings[] {
  const text = search.trim();
  if (/^[+\d\s.()\-\u2010-\u2015]*\d[\d\s.()\-\u2010-\u2015]*$/.test(text)) return [numberSought(text)];
  if (/^[a-z]{2}\.(?:ent\.)?[a-z0-9]+$/i.test(text) && /\d/.test(text)) return [[text.toLowerCase()]];
  // A number among names may be written with spaces.
  const words = wordsIn(text.replace(/(\d)[\s.()-]+(?=\d)/g, '$1'));
  return [...new Set(words)].map((word) => (/^\d+$/.test(word) ? [word, backwards(word)] : [word]));
}

/** With a plus or two zeros it is the beginning of a number, else also the end of one. */
function numberSought(text: string): WordBeginnings {
  const digits = text.replace(/\D/g, '');
  if (text.startsWith('+')) return [digits];
  return digits.startsWith('00') && digits.length > 2 ? [digits.slice(2), backwards(digits)] : [digits, backwards(digits)];
}

const backwards = (digits: string): string => BACKWARDS + [...digits].reverse().join('');
