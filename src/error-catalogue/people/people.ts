import type { ActionKind } from './action-kinds.js';

/** What the console puts into a sentence or a label: how the person is called, and a moment with its preposition, such as `at 17:24`. */
export type Placeholder = 'name' | 'at';

/** The names between braces of a text. */
type PlaceholderOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | PlaceholderOf<Rest> : never;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** A text is of this type when its placeholders are known, and a translation when it has those of the original. */
type Known<Text extends string> = [PlaceholderOf<Text>] extends [Placeholder] ? Text : never;
type Translation<Text extends string, Of extends string> = Same<PlaceholderOf<Text>, PlaceholderOf<Of>> extends true ? Text : never;

/** The same text in English and in Spanish. */
type BothLanguages = Readonly<Record<'en' | 'es', string>>;

const label = <const En extends string, const Es extends string>(en: Known<En>, es: Translation<Es, En>): BothLanguages => ({
  en,
  es,
});

/** What the button of each action says; of `wait` and `none` a plain text. */
export const ACTION_LABELS = {
  turn_calling_on: label('Turn calling on', 'Activar las llamadas'),
  ask_permission: label('Ask {name}', 'Pedir permiso a {name}'),
  ask_again_at: label('Ask {name} {at}', 'Pedir permiso a {name} {at}'),
  call_again: label('Call again', 'Llamar de nuevo'),
  call_again_at: label('Call again {at}', 'Llamar de nuevo {at}'),
  retry: label('Try again', 'Reintentar'),
  sign_in: label('Sign in', 'Iniciar sesión'),
  correct_number: label('Correct the number', 'Corregir el número'),
  correct_input: label('Correct it', 'Corregirlo'),
  open_settings: label('Open settings', 'Abrir los ajustes'),
  open_person: label('Open {name}', 'Ver a {name}'),
  open_call: label('Open the call', 'Abrir la llamada'),
  open_calls: label('Open the call log', 'Abrir el registro de llamadas'),
  open_overview: label('See what blocks calls', 'Ver qué impide las llamadas'),
  open_eligibility: label('See how far it is', 'Ver cuánto falta'),
  open_numbers: label('Open numbers', 'Abrir los números'),
  open_softphone: label('Open the softphone', 'Abrir el softphone'),
  contact_administrator: label('Copy this for your administrator', 'Copiar esto para su administrador'),
  wait: label('Nothing to do: this changes by itself.', 'No hay que hacer nada: cambia por sí solo.'),
  none: label('Nothing to do.', 'No hay nada que hacer.'),
} as const satisfies Record<ActionKind, BothLanguages>;

/** What a code says to an operator: plain words without paths, fields, codes or commands, at most 20 of them, and what to do. */
export interface PeopleText extends BothLanguages {
  action: ActionKind;
}

/** A sentence in both languages with its action. Unknown placeholders, or others than in English, do not type check. */
export const toPeople = <const En extends string, const Es extends string>(
  en: Known<En>,
  es: Translation<Es, En>,
  action: ActionKind,
): PeopleText => ({ en, es, action });

/** The sentences of a page of the catalogue: one for each of its codes, and none besides. */
export type PeopleFor<Page extends readonly { code: string }[]> = Record<Page[number]['code'], PeopleText>;
