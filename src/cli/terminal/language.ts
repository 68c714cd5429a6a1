import type { Language } from '#error-catalogue/catalogue.js';

export const LANGUAGES: readonly Language[] = ['en', 'es'];

/** The language of the terminal; English when it is none of ours. */
export const languageOfTerminal = ({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): Language =>
  /^es([_.@-]|$)/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'es' : 'en';
