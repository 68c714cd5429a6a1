import type { ProblemCode } from '#kernel/problem.js';
import { record, records } from '#kernel/read.js';
import type { CatalogueEntry, Language } from './catalogue.js';
import type { ErrorParts } from './error-body.js';

export type Hint = Readonly<Record<Language, string>>;

/** What a paste was found to hold. */
export interface Clues {
  entry: CatalogueEntry | null;
  upstream: ErrorParts | null;
  body: unknown;
  /** The paste as text. */
  written: string;
}

/** Hints for mistakes that an error body shows but no code names; in a fixed order, each at most once. */
export const hintsFor = (clues: Clues): Hint[] => RULES.filter(([applies]) => applies(clues)).map(([, hint]) => hint);

const words = ({ upstream }: Clues): string => `${upstream?.message ?? ''} ${upstream?.details ?? ''}`;
const is = ({ entry }: Clues, ...codes: ProblemCode[]): boolean => entry !== null && codes.includes(entry.code);

/** The answer of GET /calling/permissions: it has the state and the actions, and is no error. */
const isPermissionReading = ({ body }: Clues): boolean =>
  record(record(body)?.permission) !== undefined || records(record(body)?.actions).some((action) => 'can_perform_action' in action);

const RULES: readonly (readonly [(clues: Clues) => boolean, Hint])[] = [
  [
    (clues) => /request_permission/i.test(clues.written) || (is(clues, 'invalid_parameter') && /\baction\b/i.test(words(clues))),
    {
      en: 'There is no call action `request_permission`: POST /calling/calls knows connect, pre_accept, accept, reject and terminate. Permission is asked for by a message, POST /messages with an interactive `call_permission_request` or a template; here that is POST /api/calling/request-permission.',
      es: 'La acción de llamada `request_permission` no existe: POST /calling/calls solo admite connect, pre_accept, accept, reject y terminate. El permiso se pide con un mensaje, POST /messages con un `call_permission_request` interactivo o una plantilla; aquí, con POST /api/calling/request-permission.',
    },
  ],
  [
    (clues) =>
      isPermissionReading(clues) || /\/(calling\/permissions|call_permissions)\b/i.test(clues.written) || is(clues, 'permission_required'),
    {
      en: 'GET /calling/permissions only reads what the person has allowed; it asks nobody. Asking is POST /messages (here POST /api/calling/request-permission), and the answer arrives as a webhook.',
      es: 'GET /calling/permissions solo consulta lo que la persona autorizó; no le pregunta a nadie. Para pedirlo se usa POST /messages (aquí POST /api/calling/request-permission), y la respuesta llega por webhook.',
    },
  ],
  [
    (clues) => is(clues, 'permission_required', 'calling_disabled') && (clues.upstream?.status ?? 401) === 401,
    {
      en: 'Meta answers this with HTTP 401, but the connection to 360dialog is in order: do not reconnect anything, read the code instead.',
      es: 'Meta responde esto con HTTP 401, pero la conexión con 360dialog está bien: no reconecte nada; guíese por el código.',
    },
  ],
  [
    (clues) => is(clues, 'rate_limited', 'pair_rate_limited', 'spam_rate_limited') && clues.upstream?.status === 400,
    {
      en: 'Limits of rate often come as HTTP 400 rather than 429: decide by the code and the words, never by the status.',
      es: 'Los límites de frecuencia suelen llegar como HTTP 400 y no como 429: guíese por el código y el mensaje, nunca por el estado HTTP.',
    },
  ],
  [
    (clues) => is(clues, 'messaging_limit_too_low') || /\b1[,.]?000\b.*conversation|\b1k\b.*conversation/i.test(words(clues)),
    {
      en: 'Older pages speak of 1,000 business-initiated conversations. Since October 2025 Meta gates on a messaging limit of 2,000 unique people per 24 hours; and 360dialog’s page asks for the same; verification of the business is the quickest way there.',
      es: 'Páginas antiguas hablan de 1000 conversaciones iniciadas por la empresa. Desde octubre de 2025, Meta exige un límite de mensajes de 2000 personas distintas cada 24 horas; y la página de 360dialog pide lo mismo; verificar la empresa es el camino más rápido.',
    },
  ],
  [
    (clues) => is(clues, 'invalid_parameter') && /sdp|fingerprint|session|crlf/i.test(words(clues)),
    {
      en: 'SDP is most often spoilt on its way: lines must end with \\r\\n (the last one too), escaped once in JSON, and only connect sends an "offer".',
      es: 'El SDP casi siempre se daña en el camino: cada línea debe terminar con \\r\\n (también la última), escapado una sola vez en JSON, y solo connect envía un "offer".',
    },
  ],
  [
    (clues) => clues.entry === null && !isPermissionReading(clues),
    {
      en: 'No error was recognised. Paste the whole body as it was received, or a number such as 138006.',
      es: 'No se reconoció ningún error. Pegue el cuerpo completo tal como llegó, o un número como 138006.',
    },
  ],
];
