import { randomBytes } from 'node:crypto';
import { validateCronExpression } from 'cron';
import { isIntlTimeZone } from '#kernel/calendar/local-time.js';
import { parseJson, record } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { Environment, InvalidSettings } from './environment.js';
import { readNetworks } from './network.js';
import { readDatabase } from './read-database.js';
import { readIceServers } from './read-ice-servers.js';
import { readMail } from './read-mail.js';
import { readSecretsKeys } from './read-secrets-keys.js';
import { readSimulator, readSimulatorKey, SIMULATOR_HISTORIES } from './read-simulator.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const DAY = 86_400;
const MIB = 1024 * 1024;

/**
 * Reads the settings from the environment.
 * @throws InvalidSettings with every fault at once; the start then ends with exit code 78 (EX_CONFIG).
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>) {
  const env = new Environment(variables);
  const port = env.integer('PORT', 3000, 0, 65_535);
  const host = env.text('HOST') ?? '127.0.0.1';
  const dialog360 = readDialog360(env, port, host);
  const publicUrl = env.url('PUBLIC_URL', `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`);
  const settings = {
    /** The TCP port; 0 for any free one. */
    port,
    /** The address to listen on. */
    host,
    /** The address 360dialog and consumers reach the gateway by, without a slash at its end. */
    publicUrl,
    database: readDatabase(env),
    /** Whether a start brings the schema up to date; otherwise it waits until `npm run migrate` has done so. */
    migrate: env.flag('MIGRATE', true),
    /** What seals secrets in the database; empty without `SECRETS_KEY`. */
    secretsKeys: readSecretsKeys(env),
    /** `/metrics`, `/docs` and `/openapi.json` on a port of their own (null for none), and the bearer token of the first one (null for none). */
    operations: readOperations(env, port),
    logLevel: env.oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
    /** Where traces go, without `/v1/traces`; null for no traces. */
    tracesUrl: env.url('OTEL_EXPORTER_OTLP_ENDPOINT') ?? null,
    /** The first API key; null to make one at the first start. */
    apiKey: env.secret('API_KEY', 16) ?? null,
    /** Origins of pages that may call the API from a browser. */
    corsOrigins: env.list('CORS_ORIGINS'),
    ...dialog360,
    /** The history that the simulator plays; unused in live mode. */
    simulatorHistory: env.oneOf('SIMULATOR_HISTORY', 'growing', SIMULATOR_HISTORIES),
    simulator: readSimulator(env, publicUrl, host),
    /** The partner API, as a whole or not at all. */
    partner: readPartner(env, dialog360.mode === 'live' ? null : dialog360.dialog360),
    /** Meta's Graph API as a second source; null without it. */
    meta: readMeta(env),
    compliance: readCompliance(env),
    /** The mail server for reports, the sender, and the domains whose addresses need no confirmation. */
    mail: readMail(env),
    /** Where every delivery is forwarded byte for byte; null without forwarding. */
    forward: readForward(env),
    /** Whether subscriptions may use `http:` and private addresses; for development. */
    eventsAllowPrivateTargets: env.flag('EVENTS_ALLOW_PRIVATE_TARGETS', false),
    /** Whether the endpoint of a subscription must confirm it first. */
    eventsChallenge: env.flag('EVENTS_CHALLENGE', false),
    /** The API in Meta's shape under `/graph`, subscriptions in Meta's format, and whether `?access_token=` carries a key. */
    graph: { enabled: env.flag('GRAPH_API', false), queryToken: env.flag('GRAPH_QUERY_TOKEN', false) },
    limits: {
      /** Requests of one key, session or token in a minute. */
      requestsPerMinute: env.integer('RATE_LIMIT_PER_MINUTE', 6_000, 60, 1_000_000),
      /** Requests with a wrong key, or none, from one address in a minute. */
      failuresPerMinute: env.integer('AUTH_FAILURES_PER_MINUTE', 30, 5, 100_000),
      /** Bytes of the bodies of all requests under way. */
      bodyBytes: env.integer('BODY_MEMORY_MIB', 64, 8, 4_096) * MIB,
    },
    /** The secret of 360dialog's signature on deliveries; `observe` counts what `require` would refuse. */
    webhookSignature: {
      secret: env.secret('D360_WEBHOOK_SIGNING_SECRET') ?? null,
      mode: env.oneOf('D360_WEBHOOK_SIGNATURE', 'require', ['require', 'observe']),
    },
    /** Proxies, as addresses or networks, that are trusted about the address of a client. */
    trustedProxies: readNetworks(env, 'TRUSTED_PROXIES', env.list('TRUSTED_PROXIES')),
    /** Days that an ended call stays in the call log. */
    retentionDays: env.integer('RETENTION_DAYS', 90, 1, 3_650),
    /** Days after which a person is forgotten who neither called, was called, wrote nor held a permission. */
    peopleRetentionDays: env.integer('PEOPLE_RETENTION_DAYS', 400, 30, 3_650),
    /** Days that an entry of the audit log stays. */
    auditRetentionDays: env.integer('AUDIT_RETENTION_DAYS', 365, 30, 3_650),
    deadlines: {
      /** How long a user may take to answer a permission request. */
      permissionMs: env.seconds('PERMISSION_DEADLINE_SECONDS', 7 * DAY, 60, 7 * DAY),
      /** How long a call with permission waits for its offer. */
      readyMs: env.seconds('READY_DEADLINE_SECONDS', DAY, 10, DAY),
      /** How long a dial may stay without a webhook about it. */
      dialMs: env.seconds('DIAL_DEADLINE_SECONDS', 120, 10, 3_600),
      /** How long an outbound call may ring. */
      ringMs: env.seconds('RING_DEADLINE_SECONDS', 120, 10, 3_600),
      /** How long an inbound call can be answered after Meta announced it. */
      answerMs: env.seconds('ANSWER_WINDOW_SECONDS', 60, 10, 120),
      /** How long an accept may stay unconfirmed. */
      acceptMs: env.seconds('ACCEPT_DEADLINE_SECONDS', 60, 10, 600),
      /** The longest call; then the gateway hangs up. */
      talkMs: env.seconds('MAX_CALL_SECONDS', 14_400, 60, DAY),
      /** How long a claim on an inbound call lasts without an accept. */
      claimMs: env.seconds('CLAIM_TTL_SECONDS', 30, 5, 120),
      /** How long a softphone's lease of a call lasts unless it is renewed. */
      leaseMs: env.seconds('CALL_LEASE_SECONDS', 15, 5, 60),
    },
    /** STUN and TURN servers for softphones; none by default. */
    ice: readIceServers(env),
    /** The rules on permission requests and calls that apply where Meta reports no live limits: those of a test number are laxer. */
    permissionPolicy: env.oneOf('PERMISSION_POLICY', 'production', ['production', 'sandbox']),
    /** How old a permission in the cache may be before a dial reads it again from 360dialog. */
    permissionMaxAgeMs: env.seconds('PERMISSION_MAX_AGE_SECONDS', 60, 0, 3_600),
    /** How old a reading of the number (settings, health, webhook) may be before it is refreshed. */
    readingMaxAgeMs: env.seconds('FIGURE_MAX_AGE_SECONDS', 60, 0, 3_600),
    /** How long the server accepts connections after SIGTERM while /health/ready answers `draining`, so that proxies stop sending first. */
    shutdownGraceMs: env.integer('SHUTDOWN_GRACE_MS', 1_000, 0, 15_000),
  };
  if (env.faults.length) throw new InvalidSettings(env.faults);
  return settings;
}

function readOperations(env: Environment, publicPort: number) {
  const port = env.text('OPERATIONS_PORT') === undefined ? null : env.integer('OPERATIONS_PORT', 0, 0, 65_535);
  if (port !== null && port !== 0 && port === publicPort) {
    env.fault('OPERATIONS_PORT', 'must be another port than PORT', 'debe ser un puerto distinto de PORT');
  }
  return { port, metricsToken: env.secret('METRICS_TOKEN', 16) ?? null, metricsPerNumber: env.flag('METRICS_PER_NUMBER', false) };
}

function readDialog360(env: Environment, port: number, host: string) {
  const apiKey = env.secret('D360_API_KEY');
  const simulated = env.flag('SIMULATOR', false);
  if (!apiKey && env.text('NODE_ENV') === 'production' && !simulated) {
    env.fault(
      'D360_API_KEY',
      'is missing: in production the simulator stands in only with SIMULATOR=true',
      'falta: en producción, el simulador solo la reemplaza con SIMULATOR=true',
    );
  }
  if (apiKey && simulated)
    env.fault(
      'SIMULATOR',
      'and D360_API_KEY exclude each other: unset one of the two',
      'y D360_API_KEY se excluyen entre sí: quite una de las dos',
    );
  const tokens = env.list('D360_WEBHOOK_TOKEN');
  if (apiKey && !tokens.length) {
    env.fault(
      'D360_WEBHOOK_TOKEN',
      'is missing: with a D360_API_KEY it is required, or anyone could post webhooks',
      'falta: con D360_API_KEY es obligatoria; sin ella, cualquiera podría enviar webhooks',
    );
  }
  if (tokens.some((token) => token.length < 16))
    env.fault('D360_WEBHOOK_TOKEN', 'must be at least 16 characters', 'debe tener al menos 16 caracteres');
  if (tokens.length > 2)
    env.fault('D360_WEBHOOK_TOKEN', 'takes at most two tokens, comma-separated', 'admite como máximo dos tokens, separados por comas');
  const mode: 'live' | 'simulator' = apiKey ? 'live' : 'simulator';
  const loopback = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}/simulator/360dialog`;
  return {
    /** `simulator` when no `D360_API_KEY` is set: nothing leaves the machine. */
    mode,
    dialog360: {
      apiKey: apiKey ?? readSimulatorKey(env),
      baseUrl: mode === 'live' ? env.url('D360_BASE_URL', 'https://waba-v2.360dialog.io') : simulatedUrl(env, 'D360_BASE_URL', loopback),
      timeoutMs: env.integer('D360_TIMEOUT_MS', 8_000, 100, 60_000),
      /** After how many failed requests in a row the circuit towards 360dialog opens; 0 for never. */
      circuitFailures: env.integer('D360_CIRCUIT_FAILURES', 5, 0, 1_000),
      phoneNumberId: env.text('D360_PHONE_NUMBER_ID') ?? null,
      /** The tokens that a delivery may carry: one, or two while rotating. */
      webhookTokens: (tokens.length ? tokens : [randomBytes(32).toString('base64url')]).map((token) => new Secret(token)),
    },
  };
}

/** With the simulator no request goes to the real 360dialog: a gateway is either live or simulated. */
function simulatedUrl(env: Environment, name: string, fallback: string): string {
  const url = env.url(name, fallback);
  if (URL.canParse(url) && /(^|\.)360dialog\.(io|com)$/i.test(new URL(url).hostname))
    env.fault(
      name,
      'leads to the real 360dialog, to which a gateway with the simulator sends nothing: set D360_API_KEY for a live gateway, or another address',
      'lleva al 360dialog real, al que un gateway con el simulador no envía nada: defina D360_API_KEY para un gateway en vivo, u otra dirección',
    );
  return url;
}

type SimulatedUpstream = { baseUrl: string; apiKey: Secret };

/** In simulator mode the partner API is the simulator's, too, unless the operator names another. */
function readPartner(env: Environment, simulator: SimulatedUpstream | null) {
  const hub = 'https://hub.360dialog.io/api/v2';
  const id = env.text('D360_PARTNER_ID');
  const apiKey = env.secret('D360_PARTNER_API_KEY');
  const clientId = env.text('D360_CLIENT_ID');
  if (!id && !apiKey && !clientId) return simulator === null ? null : simulatedPartner(simulator);
  for (const [name, value] of Object.entries({ D360_PARTNER_ID: id, D360_PARTNER_API_KEY: apiKey })) {
    if (!value) env.fault(name, 'is missing: the partner API needs its id and key', 'falta: la API de partner necesita su id y su clave');
  }
  if (!id || !apiKey) return null;
  const baseUrl = simulator ? simulatedUrl(env, 'D360_PARTNER_BASE_URL', hub) : env.url('D360_PARTNER_BASE_URL', hub);
  return { baseUrl, id, apiKey, clientId: clientId ?? null, channelId: env.text('D360_CHANNEL_ID') ?? null };
}

const simulatedPartner = ({ baseUrl, apiKey }: SimulatedUpstream) => ({
  baseUrl: baseUrl.replace(/\/360dialog$/, '/partner/api/v2'),
  id: 'partner-simulator',
  apiKey,
  clientId: 'client-simulator',
  channelId: 'channel-simulator',
});

function readMeta(env: Environment) {
  const accessToken = env.secret('META_ACCESS_TOKEN');
  const wabaId = env.text('META_WABA_ID');
  if (!accessToken && !wabaId) return null;
  if (!accessToken) env.fault('META_ACCESS_TOKEN', 'is missing while META_WABA_ID is set', 'falta, aunque META_WABA_ID está configurada');
  if (!wabaId) env.fault('META_WABA_ID', 'is missing while META_ACCESS_TOKEN is set', 'falta, aunque META_ACCESS_TOKEN está configurada');
  return accessToken && wabaId ? { accessToken, wabaId } : null;
}

function readCompliance(env: Environment) {
  const cron = (value: string) =>
    validateCronExpression(value).valid
      ? undefined
      : { en: `must be a cron expression, not "${value}"`, es: `debe ser una expresión cron, no "${value}"` };
  const zone = (value: string) =>
    isIntlTimeZone(value)
      ? undefined
      : {
          en: `must be an IANA time zone such as America/Mexico_City, not "${value}"`,
          es: `debe ser una zona horaria de IANA, como America/Mexico_City, no "${value}"`,
        };
  return {
    /** How many conversations the requirement asks for in the window. */
    requiredConversations: env.integer('COMPLIANCE_REQUIRED_CONVERSATIONS', 1_000, 1, 10_000_000),
    windowDays: env.integer('COMPLIANCE_WINDOW_DAYS', 30, 1, 365),
    pollCron: env.checked('COMPLIANCE_POLL_CRON', '*/15 * * * *', cron),
    reportCron: env.checked('COMPLIANCE_REPORT_CRON', '0 8 * * *', cron),
    timeZone: env.checked('COMPLIANCE_TIME_ZONE', 'UTC', zone),
  };
}

function readForward(env: Environment) {
  const url = env.foreignUrl('WEBHOOK_FORWARD_URL');
  const written = env.text('WEBHOOK_FORWARD_HEADERS');
  const headers = record(parseJson(written ?? '{}'));
  if (!headers || Object.values(headers).some((value) => typeof value !== 'string')) {
    env.fault(
      'WEBHOOK_FORWARD_HEADERS',
      'must be a JSON object of texts, such as {"X-Secret":"…"}',
      'debe ser un objeto JSON de textos, como {"X-Secret":"…"}',
    );
    return null;
  }
  return url ? { url, headers: headers as Record<string, string> } : null;
}
