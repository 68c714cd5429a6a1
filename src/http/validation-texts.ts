import type { ValidationError } from 'class-validator';

interface Texts {
  en: string;
  es: string;
}

/** The constraint that a field breaks, in both languages; of several the most specific one. */
export function textsOf({ property, constraints = {}, contexts }: ValidationError): Texts {
  const names = Object.keys(constraints);
  const name = MOST_SPECIFIC.find((specific) => names.includes(specific)) ?? names.at(-1) ?? '';
  const message = constraints[name] ?? '';
  const own = (contexts?.[name] as Partial<Texts> | undefined)?.es;
  const en = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  if (own !== undefined) return { en, es: own };
  const known = TRANSLATIONS[name];
  const written = known?.from === undefined ? [] : (known.from.exec(message)?.slice(1) ?? null);
  if (!known || written === null) return { en, es: 'no tiene un valor permitido' };
  return { en: known.en ?? en, es: written.reduce<string>((text, value, index) => text.replace(`{${index}}`, value ?? ''), known.es) };
}

/** The order of preference: an unknown field, then a wrong type, then the rest. */
const MOST_SPECIFIC = [
  'whitelistValidation',
  'isDefined',
  'isUserPhone',
  'isUserId',
  'isTime',
  'isString',
  'isInt',
  'isBoolean',
  'isObject',
  'isArray',
];

interface Translation {
  /** Replaces the validator's message. */
  en?: string;
  es: string;
  /** Finds the values for `{0}`, `{1}` in the validator's message. */
  from?: RegExp;
}

const NUMBER = /(-?[\d.]+)$/;

/** By the validator's name of the constraint. A message that a DTO words itself has its own Spanish text in `context.es`. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  whitelistValidation: { en: 'is not known here', es: 'no se reconoce aquí' },
  unknownValue: { en: 'must be a JSON object', es: 'debe ser un objeto JSON' },
  nestedValidation: { en: 'must be an object', es: 'debe ser un objeto' },
  isDefined: { en: 'is required', es: 'es obligatorio' },
  isString: { en: 'must be a text', es: 'debe ser un texto' },
  isInt: { en: 'must be a whole number', es: 'debe ser un número entero' },
  isBoolean: { en: 'must be true or false', es: 'debe ser true o false' },
  isObject: { en: 'must be an object', es: 'debe ser un objeto' },
  isArray: { en: 'must be a list', es: 'debe ser una lista' },
  arrayNotEmpty: { en: 'must not be empty', es: 'no debe estar vacía' },
  arrayUnique: { en: 'must not repeat itself', es: 'no debe repetirse' },
  arrayMaxSize: { es: 'debe tener como máximo {0} elementos', from: /(\d+) elements?$/ },
  min: { es: 'no debe ser menor que {0}', from: NUMBER },
  max: { es: 'no debe ser mayor que {0}', from: NUMBER },
  maxLength: { es: 'debe tener como máximo {0} caracteres', from: /(\d+) characters$/ },
  isLength: { es: 'debe tener la longitud correcta (límite: {0} caracteres)', from: /(\d+) characters$/ },
  isIn: { es: 'debe ser uno de estos valores: {0}', from: /values: (.*)$/ },
  matches: { en: 'does not have the expected form', es: 'no tiene la forma esperada' },
};
