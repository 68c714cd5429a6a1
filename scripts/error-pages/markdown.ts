import type { CatalogueEntry, Language } from '#error-catalogue/catalogue.js';
import { allEntries } from '#error-catalogue/lookup.js';
import { ACTION_LABELS } from '#error-catalogue/people/people.js';

type Words = Readonly<Record<Language, string>>;

const WORDS = {
  title: { en: 'Error catalogue', es: 'Catálogo de errores' },
  intro: {
    en: 'Every code that the gateway answers with, what it means and what to do. `GET /api/calling/errors/{code}` tells the same, by code or by the number of Meta.',
    es: 'Todos los códigos con los que responde el gateway, qué significan y qué hacer. `GET /api/calling/errors/{code}` dice lo mismo, por código o por el número de Meta.',
  },
  numbers: { en: "Meta's numbers", es: 'Números de Meta' },
  number: { en: 'Number', es: 'Número' },
  code: { en: 'Code', es: 'Código' },
  status: { en: 'HTTP status', es: 'Estado HTTP' },
  retry: {
    en: 'Can the same request succeed later by itself?',
    es: '¿Puede funcionar más tarde la misma solicitud sin cambios?',
  },
  rang: { en: 'Can the phone have rung?', es: '¿Pudo haber sonado el teléfono?' },
  remedy: { en: 'What to do', es: 'Qué hacer' },
  people: { en: 'What the console says to an operator', es: 'Lo que la consola dice a un operador' },
  source: { en: 'Source', es: 'Fuente' },
  yes: { en: 'yes', es: 'sí' },
  no: { en: 'no', es: 'no' },
  maybe: { en: 'maybe', es: 'quizás' },
  none: { en: 'none', es: 'ninguno' },
} as const satisfies Record<string, Words>;

/** The chapters, in their order. */
const KINDS: Readonly<Record<CatalogueEntry['kind'], Words>> = {
  access: { en: 'Who may ask', es: 'Acceso' },
  input: { en: 'What was asked', es: 'Datos de la solicitud' },
  not_found: { en: 'What is not there', es: 'Recursos que no existen' },
  number: { en: 'Reasons of the number', es: 'Motivos relacionados con el número' },
  person: { en: 'Reasons of the person', es: 'Motivos relacionados con la persona' },
  call: { en: 'Reasons of the call', es: 'Motivos relacionados con la llamada' },
  rate: { en: 'Limits of rate', es: 'Límites de frecuencia' },
  unavailable: { en: 'Faults of the gateway and of the line', es: 'Fallas del gateway y de la conexión' },
  upstream: { en: 'Other refusals of 360dialog and Meta', es: 'Otros rechazos de 360dialog y Meta' },
  media: { en: 'Media and connection', es: 'Audio y conexión' },
};

/** The whole catalogue as one Markdown page; the same catalogue always gives the same page. */
export function catalogueMarkdown(language: Language, entries: readonly CatalogueEntry[] = allEntries()): string {
  const say = wordsIn(language);
  const chapters = Object.entries(KINDS).flatMap(([kind, heading]) => {
    const own = entries.filter((entry) => entry.kind === kind);
    return own.length === 0 ? [] : [`## ${heading[language]}`, ...own.map((entry) => section(entry, language))];
  });
  return `${[`# ${say('title')}`, say('intro'), `## ${say('numbers')}`, numberTable(entries, language), ...chapters].join('\n\n')}\n`;
}

const wordsIn =
  (language: Language) =>
  (name: keyof typeof WORDS): string =>
    WORDS[name][language];

const section = (entry: CatalogueEntry, language: Language): string => {
  const [say, text] = [wordsIn(language), entry[language]];
  return [
    `### \`${entry.code}\``,
    `**${text.title}.** ${text.detail}`,
    `**${say('remedy')}:** ${text.remedy}`,
    `**${say('people')}:** ${entry.people[language]} [${ACTION_LABELS[entry.people.action][language]}]`,
    [
      `- ${say('status')}: ${entry.status}`,
      `- ${say('numbers')}: ${spans(entry.upstream).join(', ') || say('none')}`,
      `- ${say('retry')} ${entry.retryable ? say('yes') : say('no')}`,
      `- ${say('rang')} ${entry.rang === 'maybe' ? say('maybe') : say('no')}`,
      `- ${say('source')}: ${entry.source}`,
    ].join('\n'),
  ].join('\n\n');
};

const numberTable = (entries: readonly CatalogueEntry[], language: Language): string => {
  const say = wordsIn(language);
  const rows = entries
    .flatMap((entry) => spans(entry.upstream).map((span) => ({ span, entry })))
    .sort((a, b) => Number.parseInt(a.span, 10) - Number.parseInt(b.span, 10))
    .map(({ span, entry }) => `| ${span} | [\`${entry.code}\`](#${entry.code}) | ${entry[language].title} |`);
  return [`| ${say('number')} | ${say('code')} | |`, '| --- | --- | --- |', ...rows].join('\n');
};

/** `[200, 201, 202, 368]` to `['200-202', '368']`. */
const spans = (numbers: readonly number[]): string[] => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const starts = sorted.filter((value, index) => sorted[index - 1] !== value - 1);
  return starts.map((start) => {
    const end = sorted.find((value) => value >= start && !sorted.includes(value + 1)) ?? start;
    return end === start ? String(start) : `${start}-${end}`;
  });
};
