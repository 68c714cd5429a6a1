import type { CatalogueEntry, Language } from '#error-catalogue/catalogue.js';
import { allEntries } from '#error-catalogue/lookup.js';

type Words = Record<
  'title' | 'intro' | 'numbers' | 'number' | 'code' | 'status' | 'retry' | 'rang' | 'remedy' | 'source' | 'yes' | 'no' | 'maybe' | 'none',
  string
>;

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Error catalogue',
    intro:
      'Every code that the gateway answers with, what it means and what to do. `GET /api/calling/errors/{code}` tells the same, by code or by the number of Meta.',
    numbers: "Meta's numbers",
    number: 'Number',
    code: 'Code',
    status: 'HTTP status',
    retry: 'Can the same request succeed later by itself?',
    rang: 'Can the phone have rung?',
    remedy: 'What to do',
    source: 'Source',
    yes: 'yes',
    no: 'no',
    maybe: 'maybe',
    none: 'none',
  },
  es: {
    title: 'Catálogo de errores',
    intro:
      'Todos los códigos con los que responde el gateway, qué significan y qué hacer. `GET /api/calling/errors/{code}` dice lo mismo, por código o por el número de Meta.',
    numbers: 'Números de Meta',
    number: 'Número',
    code: 'Código',
    status: 'Estado HTTP',
    retry: '¿Puede funcionar más tarde la misma solicitud sin cambios?',
    rang: '¿Pudo haber sonado el teléfono?',
    remedy: 'Qué hacer',
    source: 'Fuente',
    yes: 'sí',
    no: 'no',
    maybe: 'quizás',
    none: 'ninguno',
  },
};

const KINDS: Readonly<Record<Language, Readonly<Record<CatalogueEntry['kind'], string>>>> = {
  en: {
    access: 'Who may ask',
    input: 'What was asked',
    not_found: 'What is not there',
    number: 'Reasons of the number',
    person: 'Reasons of the person',
    call: 'Reasons of the call',
    rate: 'Limits of rate',
    unavailable: 'Faults of the gateway and of the line',
    upstream: 'Other refusals of 360dialog and Meta',
    media: 'Media and connection',
  },
  es: {
    access: 'Acceso',
    input: 'Datos de la solicitud',
    not_found: 'Recursos que no existen',
    number: 'Motivos relacionados con el número',
    person: 'Motivos relacionados con la persona',
    call: 'Motivos relacionados con la llamada',
    rate: 'Límites de frecuencia',
    unavailable: 'Fallas del gateway y de la conexión',
    upstream: 'Otros rechazos de 360dialog y Meta',
    media: 'Audio y conexión',
  },
};

/** The whole catalogue as one Markdown page; the same catalogue always gives the same page. */
export function catalogueMarkdown(language: Language, entries: readonly CatalogueEntry[] = allEntries()): string {
  const words = WORDS[language];
  const kinds = Object.entries(KINDS[language]) as [CatalogueEntry['kind'], string][];
  const chapters = kinds.flatMap(([kind, heading]) => {
    const own = entries.filter((entry) => entry.kind === kind);
    return own.length === 0 ? [] : [`## ${heading}`, ...own.map((entry) => section(entry, language))];
  });
  return `${[`# ${words.title}`, words.intro, `## ${words.numbers}`, numberTable(entries, language), ...chapters].join('\n\n')}\n`;
}

const section = (entry: CatalogueEntry, language: Language): string => {
  const [words, text] = [WORDS[language], entry[language]];
  return [
    `### \`${entry.code}\``,
    `**${text.title}.** ${text.detail}`,
    `**${words.remedy}:** ${text.remedy}`,
    [
      `- ${words.status}: ${entry.status}`,
      `- ${words.numbers}: ${spans(entry.upstream).join(', ') || words.none}`,
      `- ${words.retry} ${entry.retryable ? words.yes : words.no}`,
      `- ${words.rang} ${entry.rang === 'maybe' ? words.maybe : words.no}`,
      `- ${words.source}: ${entry.source}`,
    ].join('\n'),
  ].join('\n\n');
};

const numberTable = (entries: readonly CatalogueEntry[], language: Language): string => {
  const { number, code } = WORDS[language];
  const rows = entries
    .flatMap((entry) => spans(entry.upstream).map((span) => ({ span, entry })))
    .sort((a, b) => Number.parseInt(a.span, 10) - Number.parseInt(b.span, 10))
    .map(({ span, entry }) => `| ${span} | [\`${entry.code}\`](#${entry.code}) | ${entry[language].title} |`);
  return [`| ${number} | ${code} | |`, '| --- | --- | --- |', ...rows].join('\n');
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
