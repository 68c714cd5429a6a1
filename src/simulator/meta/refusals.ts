import type { JsonRecord } from '#kernel/read.js';

/** Meta's refusals: HTTP status and message. @see calling troubleshooting (2026-06-24), error codes (2025-12-12) */
const REFUSALS = {
  100: [400, 'Invalid parameter'],
  613: [429, 'Calls to this api have exceeded the rate limit'],
  131009: [400, 'Parameter value is not valid'],
  131044: [400, 'Business eligibility payment issue'],
  131047: [400, 'Re-engagement message'],
  131051: [400, 'Message type unknown'],
  131055: [400, 'Method not allowed'],
  132000: [400, 'Number of parameters does not match the expected number of params'],
  132001: [404, 'Template name does not exist in the translation'],
  138000: [401, 'Calling not enabled'],
  138001: [400, 'Receiver uncallable'],
  138002: [429, 'Concurrent calls limit reached'],
  138003: [400, 'Duplicate call'],
  138004: [500, 'Connection error'],
  138005: [429, 'Call initiation rate limit exceeded'],
  138006: [401, 'No approved call permission found'],
  138007: [500, 'Connection timeout'],
  138009: [400, 'Call permission request limit hit'],
  138012: [400, 'Business initiated calls limit hit'],
  138013: [400, 'Business initiated calls not available for this account'],
  138014: [400, 'Calling temporarily disabled due to low quality'],
  138015: [400, 'Calling cannot be enabled: messaging limit too low'],
  138017: [400, 'Permanent call permission already granted'],
  138018: [400, 'Calling cannot be enabled: technical prerequisites missing'],
  138038: [400, 'This call is handled by another partner'],
  4: [400, 'Application request limit reached'],
  130429: [400, 'Rate limit hit'],
  131000: [500, 'Something went wrong'],
  131016: [500, 'Service unavailable'],
} as const satisfies Record<number, readonly [number, string]>;

export type RefusalCode = keyof typeof REFUSALS;

export const isRefusalCode = (code: unknown): code is RefusalCode => typeof code === 'number' && code in REFUSALS;

/** An answer other than 200, with the body that 360dialog would send. */
export class SimulatedRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: JsonRecord,
  ) {
    super(`refused with ${status}`);
    this.name = 'Refusal';
  }
}

/** Meta's refusal as 360dialog passes it on. `details` says what a developer needs to know. */
export class MetaRefusal extends SimulatedRefusal {
  constructor(
    readonly code: RefusalCode,
    details?: string,
  ) {
    super(REFUSALS[code][0], errorBody(code, details ?? REFUSALS[code][1]));
  }
}

/** Throws code 100 with these details unless the condition holds. */
export function need(condition: unknown, details: string): asserts condition {
  if (!condition) throw new MetaRefusal(100, details);
}

/** Without `fbtrace_id`: the entry point adds it. */
const errorBody = (code: RefusalCode, details: string): JsonRecord => ({
  error: {
    message: `(#${code}) ${REFUSALS[code][1]}`,
    type: 'OAuthException',
    code,
    error_data: { messaging_product: 'whatsapp', details },
  },
});

/** 360dialog's own refusal, in the form of its messaging and calling endpoints. */
export const plainRefusal = (status: number, error: string): SimulatedRefusal => new SimulatedRefusal(status, { error });

/** 360dialog's own refusal, in the older form of its configuration endpoints. */
export const metaShapedRefusal = (status: number, message: string): SimulatedRefusal =>
  new SimulatedRefusal(status, { meta: { success: false, http_code: status, developer_message: message, details: [message] } });
