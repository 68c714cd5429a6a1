import type { Language } from './catalogue.js';

const SPOKEN = new Map<string, Language>([
  ['en', 'en'],
  ['es', 'es'],
  ['*', 'en'],
]);

/** The language that an `Accept-Language` header asks for most; English when it names none that we speak. */
export const languageOf = (header: string | undefined): Language =>
  mostWanted(header?.slice(0, 500), (range) => SPOKEN.get(range.split('-', 1)[0] ?? '')) ?? 'en';

/**
 * What a header such as `es-MX;q=0.9, en` wants most, and of equals what it names first.
 * @param known what a name stands for, in lower case; `undefined` for one that we do not know
 */
export function mostWanted<T>(header: string | undefined, known: (name: string) => T | undefined): T | undefined {
  const wishes = (header ?? '').split(',').flatMap((written) => {
    const [name = '', ...parameters] = written.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = q === undefined ? 1 : Number(q);
    const value = known(name);
    return value !== undefined && weight > 0 && weight <= 1 ? [{ value, weight }] : [];
  });
  return wishes.sort((a, b) => b.weight - a.weight)[0]?.value;
}
