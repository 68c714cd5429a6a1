import { randomBytes } from 'node:crypto';
import { reasonIn } from '#cli/terminal/json-request.js';
import type { Printer } from '#cli/terminal/printer.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import { InvalidSettings } from '#config/environment.js';
import { readSettings } from '#config/read-settings.js';
import type { Settings } from '#config/settings.js';
import type { Health, WebhookRegistration } from '#dialog360/number-reading.js';
import type { Language } from '#error-catalogue/catalogue.js';
import type { Clock } from '#kernel/clock.js';
import { readUser } from '#kernel/wa-id.js';
import { clockGate, type Probe, probe } from './clock-gate.js';
import { attempt, openDialog360, type Read } from './dialog360-itself.js';
import { type CheckResult, type CliFinding, finding, isOfSetup } from './finding.js';
import { healthReadingGate, permissionGate, rulesGate, settingsGates } from './number-gates.js';
import { keptNumbers, otherNumberFault } from './own-number.js';
import { gatesOfNumber } from './same-gates.js';
import { sayDiagnosis } from './texts/diagnosis-texts.js';

/** What is decisive and can be read without a gateway. */
const DECISIVE = new Set(['key', 'calling_enabled', 'sip_disabled', 'restriction', 'permission']);

/**
 * The diagnosis without a gateway: the settings from the environment, and 360dialog itself. The key of the number is enough.
 * Changes nothing.
 */
export async function alone(
  to: string | null,
  printer: Printer,
  { env, clock }: Surroundings,
): Promise<CheckResult & { mode: Settings['mode'] | null }> {
  const { language } = printer;
  const { settings, faults } = settingsOf(env);
  const wrong = faults ? [configurationFault(faults, language)] : [];
  // What the faults concern is left out: the number can be asked about all the same.
  if (settings === null) return { findings: wrong, outbound: 'unknown', mode: null };
  const now = clock.now();
  printer.progress(sayDiagnosis('reading_clock', language));
  const probed = await probe(settings.dialog360.baseUrl, settings.dialog360.timeoutMs);
  const findings = [
    ...(faults ? wrong : [configurationGate(settings, hasToken(env), language)]),
    ...(await gatesAt360dialog(settings, probed, to, printer, {
      clock,
      knowsSimulator: Boolean(env.SIMULATOR_API_KEY?.trim()),
      isDatabaseKnown: !faults?.all.some(({ name }) => name === 'DATABASE_URL'),
    })),
    rulesGate(now, language),
    clockGate(now, probed, language),
  ];
  const isOther = findings.some(({ code }) => code === 'other_number');
  return { findings, outbound: isOther ? 'unknown' : outboundOf(findings), mode: settings.mode };
}

interface ReadSettings {
  /** Without the variables that have faults; null when 360dialog cannot be asked without them. */
  settings: Settings | null;
  faults: InvalidSettings | null;
}

/** No delivery is received here, so a missing webhook token alone is a finding; beside other faults it is listed with them. */
function settingsOf(env: Surroundings['env']): ReadSettings {
  const made = randomBytes(32).toString('base64url');
  const settings = read(hasToken(env) ? env : { ...env, D360_WEBHOOK_TOKEN: made });
  if (!(settings instanceof InvalidSettings)) return { settings, faults: null };
  const faults = read(env);
  if (!(faults instanceof InvalidSettings)) return { settings: faults, faults: null };
  const names = new Set(faults.all.map(({ name }) => name));
  if (!env.D360_API_KEY?.trim() || ASKING.some((name) => names.has(name))) return { settings: null, faults };
  const rest = Object.fromEntries(KEPT.filter((name) => !names.has(name)).map((name) => [name, env[name]]));
  const kept = read({ ...rest, D360_WEBHOOK_TOKEN: made });
  return { settings: kept instanceof InvalidSettings ? null : kept, faults };
}

/** Without these, nothing can be asked. */
const ASKING = ['D360_API_KEY', 'D360_BASE_URL', 'SIMULATOR'];
/** What the diagnosis of the number reads. */
const KEPT = [
  ...ASKING,
  'D360_PHONE_NUMBER_ID',
  'D360_TIMEOUT_MS',
  'DATABASE_URL',
  'PUBLIC_URL',
  'HOST',
  'PORT',
  'COMPLIANCE_REQUIRED_CONVERSATIONS',
  'COMPLIANCE_WINDOW_DAYS',
];

function read(env: Surroundings['env']): Settings | InvalidSettings {
  try {
    return readSettings(env);
  } catch (error) {
    if (error instanceof InvalidSettings) return error;
    throw error;
  }
}

const configurationFault = (faults: InvalidSettings, language: Language): CliFinding =>
  finding('configuration', 'fail', language, {
    cause: faults.in(language).join('\n'),
    remedy: sayDiagnosis('configuration_remedy', language),
  });

const hasToken = ({ D360_WEBHOOK_TOKEN: tokens = '' }: Surroundings['env']): boolean => /[^\s,]/.test(tokens);

function outboundOf(findings: readonly CliFinding[]): CheckResult['outbound'] {
  if (findings.some(({ name, verdict, direction }) => verdict === 'fail' && direction !== 'inbound' && !isOfSetup(name))) return 'blocked';
  return findings.some(({ name, verdict }) => verdict === 'unknown' && DECISIVE.has(name)) ? 'unknown' : 'available';
}

function configurationGate({ mode }: Settings, isComplete: boolean, language: Language): CliFinding {
  if (mode === 'live') {
    if (isComplete) return finding('configuration', 'pass', language);
    const words = { cause: sayDiagnosis('no_token', language), remedy: sayDiagnosis('no_token_remedy', language) };
    return finding('configuration', 'warning', language, { direction: 'inbound', ...words });
  }
  const words = { cause: sayDiagnosis('simulated', language), remedy: sayDiagnosis('simulated_remedy', language) };
  return finding('configuration', 'warning', language, { value: mode, ...words });
}

async function gatesAt360dialog(
  settings: Settings,
  probed: Probe,
  to: string | null,
  printer: Printer,
  { clock, knowsSimulator, isDatabaseKnown }: { clock: Clock; knowsSimulator: boolean; isDatabaseKnown: boolean },
): Promise<CliFinding[]> {
  const { language } = printer;
  if (probed.lost !== null) return [unreachable(settings, probed.lost, language)];
  if (settings.mode === 'simulator' && !knowsSimulator) return [keyOfSimulator(language)];
  const { client, close } = await openDialog360(settings, clock);
  const now = clock.now();
  try {
    printer.progress(sayDiagnosis('reading_health', language));
    const health = await attempt(() => client.readHealth());
    const reached = finding('reachability', 'pass', language, { value: settings.dialog360.baseUrl });
    const other = settings.mode === 'live' && health.value ? await otherNumber(health.value, settings, isDatabaseKnown, language) : null;
    // What else 360dialog says with this key is about a number that is not ours.
    if (other) return [other, reached];
    printer.progress(sayDiagnosis('reading_settings', language));
    const calling = await attempt(() => client.readSettings());
    printer.progress(sayDiagnosis('reading_webhook', language));
    const webhook = await attempt(() => client.readWebhook());
    const user = to === null ? undefined : readUser(to);
    if (user) printer.progress(sayDiagnosis('reading_person', language));
    const person = user ? await attempt(() => client.readPermission(user)) : undefined;
    return [
      reached,
      ...gatesOfNumber({ calling, health, webhook }, settings, now, language),
      tokenGate(webhook, language),
      ...(calling.value ? settingsGates(calling.value.calling, now, language) : []),
      health.value ? healthReadingGate(health.value, language) : unread('health', health, language),
      ...(person ? [person.value ? permissionGate(person.value, language) : unread('permission', person, language)] : []),
    ];
  } finally {
    await close();
  }
}

async function otherNumber(
  { phoneNumberId }: Health,
  { dialog360, database }: Settings,
  isDatabaseKnown: boolean,
  language: Language,
): Promise<CliFinding | null> {
  return otherNumberFault(phoneNumberId, dialog360.phoneNumberId, isDatabaseKnown ? await keptNumbers(database) : [], language);
}

/** Each start of the built-in simulator makes a key of its own. */
const keyOfSimulator = (language: Language): CliFinding =>
  finding('key', 'unknown', language, {
    cause: sayDiagnosis('simulator_key', language),
    remedy: sayDiagnosis('gateway_refuses_remedy', language),
  });

const unread = (name: string, { code }: Read<unknown>, language: Language): CliFinding => finding(name, 'unknown', language, { code });

/** The simulator runs inside the gateway, so in simulator mode the gateway is missing. */
const unreachable = ({ dialog360, mode }: Settings, reason: string, language: Language): CliFinding =>
  finding('reachability', 'fail', language, {
    code: 'upstream_unavailable',
    value: dialog360.baseUrl,
    cause: sayDiagnosis('unreachable_cause', language, { url: dialog360.baseUrl, reason: reasonIn(reason, language) }),
    ...(mode === 'simulator' ? { remedy: sayDiagnosis('gateway_silent_remedy', language) } : {}),
  });

/** Whether deliveries will carry a token; which one it is 360dialog keeps to itself. */
function tokenGate({ value, code }: Read<WebhookRegistration>, language: Language): CliFinding {
  const seen = { direction: 'inbound' } as const;
  if (value === null) return finding('webhook_token', 'unknown', language, { ...seen, code });
  if (value.url === null) return finding('webhook_token', 'unknown', language, { ...seen, code: 'webhook_unregistered' });
  if (value.headerNames.some((name) => name.toLowerCase() === 'authorization')) return finding('webhook_token', 'pass', language, seen);
  const words = { cause: sayDiagnosis('token_missing', language), remedy: sayDiagnosis('token_remedy', language) };
  return finding('webhook_token', 'fail', language, { ...seen, ...words, code: 'webhook_unauthorized' });
}
