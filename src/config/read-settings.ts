import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { validateCronExpression } from 'cron';
import { isIntlTimeZone } from '#kernel/local-time.js';
import { parseJson, record } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { Environment } from './environment.js';
import { readDatabase } from './read-database.js';
import { readIceServers } from './read-ice-servers.js';
import { InvalidSettings, type Settings, SIMULATOR_HISTORIES } from './settings.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const DAY = 86_400;

/**
 * Reads the settings from the environment.
 * @throws InvalidSettings with every fault at once; the start then ends with exit code 78 (EX_CONFIG).
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const env = new Environment(variables);
  const port = env.integer('PORT', 3000, 0, 65_535);
  const host = env.text('HOST') ?? '127.0.0.1';
  const dialog360 = readDialog360(env, port, host);
  const settings: Settings = {
    port,
    host,
    publicUrl: env.url('PUBLIC_URL', `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`),
    database: readDatabase(env),
    logLevel: env.oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
    tracesUrl: env.url('OTEL_EXPORTER_OTLP_ENDPOINT') ?? null,
    apiKey: env.secret('API_KEY', 16) ?? null,
    corsOrigins: env.list('CORS_ORIGINS'),
    ...dialog360,
    simulatorHistory: env.oneOf('SIMULATOR_HISTORY', 'growing', SIMULATOR_HISTORIES),
    partner: readPartner(env, dialog360.mode === 'live' ? null : dialog360.dialog360.baseUrl),
    meta: readMeta(env),
    compliance: readCompliance(env),
    forward: readForward(env),
    eventsAllowPrivateTargets: env.flag('EVENTS_ALLOW_PRIVATE_TARGETS', false),
    eventsChallenge: env.flag('EVENTS_CHALLENGE', false),
    limits: {
      requestsPerMinute: env.integer('RATE_LIMIT_PER_MINUTE', 6_000, 60, 1_000_000),
      failuresPerMinute: env.integer('AUTH_FAILURES_PER_MINUTE', 30, 5, 100_000),
    },
    trustedProxies: readProxies(env),
    retentionDays: env.integer('RETENTION_DAYS', 90, 1, 3_650),
    deadlines: {
      permissionMs: env.seconds('PERMISSION_DEADLINE_SECONDS', 7 * DAY, 60, 7 * DAY),
      readyMs: env.seconds('READY_DEADLINE_SECONDS', DAY, 10, DAY),
      dialMs: env.seconds('DIAL_DEADLINE_SECONDS', 120, 10, 3_600),
      ringMs: env.seconds('RING_DEADLINE_SECONDS', 120, 10, 3_600),
      answerMs: env.seconds('ANSWER_WINDOW_SECONDS', 60, 10, 120),
      acceptMs: env.seconds('ACCEPT_DEADLINE_SECONDS', 60, 10, 600),
      talkMs: env.seconds('MAX_CALL_SECONDS', 14_400, 60, DAY),
      claimMs: env.seconds('CLAIM_TTL_SECONDS', 30, 5, 120),
      leaseMs: env.seconds('CALL_LEASE_SECONDS', 15, 5, 60),
    },
    ice: readIceServers(env),
    permissionPolicy: env.oneOf('PERMISSION_POLICY', 'production', ['production', 'sandbox']),
    permissionMaxAgeMs: env.seconds('PERMISSION_MAX_AGE_SECONDS', 60, 0, 3_600),
    readingMaxAgeMs: env.seconds('FIGURE_MAX_AGE_SECONDS', 60, 0, 3_600),
    shutdownGraceMs: env.integer('SHUTDOWN_GRACE_MS', 1_000, 0, 15_000),
  };
  if (env.faults.length) throw new InvalidSettings(env.faults);
  return settings;
}

function readDialog360(env: Environment, port: number, host: string): Pick<Settings, 'mode' | 'dialog360'> {
  const apiKey = env.secret('D360_API_KEY');
  const simulated = env.flag('SIMULATOR', false);
  if (!apiKey && env.text('NODE_ENV') === 'production' && !simulated) {
    env.fault('D360_API_KEY', 'is missing: in production the simulator stands in only with SIMULATOR=true');
  }
  if (apiKey && simulated) env.fault('SIMULATOR', 'and D360_API_KEY exclude each other: unset one of the two');
  const tokens = env.list('D360_WEBHOOK_TOKEN');
  if (apiKey && !tokens.length) {
    env.fault('D360_WEBHOOK_TOKEN', 'is missing: with a D360_API_KEY it is required, or anyone could post webhooks');
  }
  if (tokens.some((token) => token.length < 16)) env.fault('D360_WEBHOOK_TOKEN', 'must be at least 16 characters');
  if (tokens.length > 2) env.fault('D360_WEBHOOK_TOKEN', 'takes at most two tokens, comma-separated');
  const mode = apiKey ? 'live' : 'simulator';
  const loopback = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}/simulator/360dialog`;
  return {
    mode,
    dialog360: {
      apiKey: apiKey ?? new Secret('simulator-key'),
      baseUrl: env.url('D360_BASE_URL', mode === 'live' ? 'https://waba-v2.360dialog.io' : loopback),
      timeoutMs: env.integer('D360_TIMEOUT_MS', 8_000, 100, 60_000),
      phoneNumberId: env.text('D360_PHONE_NUMBER_ID') ?? null,
      webhookTokens: (tokens.length ? tokens : [randomBytes(32).toString('base64url')]).map((token) => new Secret(token)),
    },
  };
}

/** In simulator mode the partner API is the simulator's, too, unless the operator names another. */
function readPartner(env: Environment, simulator: string | null): Settings['partner'] {
  const baseUrl = env.url('D360_PARTNER_BASE_URL', 'https://hub.360dialog.io/api/v2');
  const id = env.text('D360_PARTNER_ID');
  const apiKey = env.secret('D360_PARTNER_API_KEY');
  const clientId = env.text('D360_CLIENT_ID');
  if (!id && !apiKey && !clientId) return simulator === null ? null : simulatedPartner(simulator);
  for (const [name, value] of Object.entries({ D360_PARTNER_ID: id, D360_PARTNER_API_KEY: apiKey, D360_CLIENT_ID: clientId })) {
    if (!value) env.fault(name, 'is missing: the partner API needs id, key and client');
  }
  if (!id || !apiKey || !clientId) return null;
  return { baseUrl, id, apiKey, clientId, channelId: env.text('D360_CHANNEL_ID') ?? null };
}

const simulatedPartner = (dialog360: string): Settings['partner'] => ({
  baseUrl: dialog360.replace(/\/360dialog$/, '/partner/api/v2'),
  id: 'partner-simulator',
  apiKey: new Secret('simulator-partner-key'),
  clientId: 'client-simulator',
  channelId: 'channel-simulator',
});

function readMeta(env: Environment): Settings['meta'] {
  const accessToken = env.secret('META_ACCESS_TOKEN');
  const wabaId = env.text('META_WABA_ID');
  if (!accessToken && !wabaId) return null;
  if (!accessToken) env.fault('META_ACCESS_TOKEN', 'is missing while META_WABA_ID is set');
  if (!wabaId) env.fault('META_WABA_ID', 'is missing while META_ACCESS_TOKEN is set');
  return accessToken && wabaId ? { accessToken, wabaId } : null;
}

function readCompliance(env: Environment): Settings['compliance'] {
  const cron = (value: string) => (validateCronExpression(value).valid ? undefined : `must be a cron expression, not "${value}"`);
  const zone = (value: string) =>
    isIntlTimeZone(value) ? undefined : `must be an IANA time zone such as America/Mexico_City, not "${value}"`;
  return {
    requiredConversations: env.integer('COMPLIANCE_REQUIRED_CONVERSATIONS', 1_000, 1, 10_000_000),
    windowDays: env.integer('COMPLIANCE_WINDOW_DAYS', 30, 1, 365),
    pollCron: env.checked('COMPLIANCE_POLL_CRON', '*/15 * * * *', cron),
    reportCron: env.checked('COMPLIANCE_REPORT_CRON', '0 8 * * *', cron),
    timeZone: env.checked('COMPLIANCE_TIME_ZONE', 'UTC', zone),
  };
}

function readProxies(env: Environment): string[] {
  const proxies = env.list('TRUSTED_PROXIES');
  const wrong = proxies.find((proxy) => !isNetwork(proxy));
  if (wrong !== undefined) env.fault('TRUSTED_PROXIES', `must list addresses or networks such as 10.0.0.0/8, not "${wrong}"`);
  return proxies;
}

function isNetwork(written: string): boolean {
  const [address = '', bits, ...rest] = written.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128));
}

function readForward(env: Environment): Settings['forward'] {
  const url = env.foreignUrl('WEBHOOK_FORWARD_URL');
  const written = env.text('WEBHOOK_FORWARD_HEADERS');
  const headers = record(parseJson(written ?? '{}'));
  if (!headers || Object.values(headers).some((value) => typeof value !== 'string')) {
    env.fault('WEBHOOK_FORWARD_HEADERS', 'must be a JSON object of texts, such as {"X-Secret":"…"}');
    return null;
  }
  return url ? { url, headers: headers as Record<string, string> } : null;
}
