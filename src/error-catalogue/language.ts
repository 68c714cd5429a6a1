import type { Language } from './catalogue.js';

const SPOKEN: Readonly<Record<string, Language>> = { en: 'en', es: 'es', '*': 'en' };

/** The language that an `Accept-Language` header asks for most; English when it names none that we speak. */
export function languageOf(header: string | undefined): Language {
  const wishes = (header ?? '').slice(0, 500).split(',').map(readWish);
  let best: { language: Language; weight: number } = { language: 'en', weight: 0 };
  for (const { language, weight } of wishes) {
    if (language !== undefined && weight > best.weight) best = { language, weight };
  }
  return best.language;
}

/** `es-MX;q=0.9` to Spanish with weight 0.9. */
function readWish(written: string): { language: Language | undefined; weight: number } {
  const [range = '', ...parameters] = written.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const weight = q === undefined ? 1 : Number(q);
  return { language: SPOKEN[range.split('-', 1)[0] ?? ''], weight: weight >= 0 && weight <= 1 ? weight : 0 };
}
