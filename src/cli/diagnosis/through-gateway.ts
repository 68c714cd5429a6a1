import type { GatewayAnswer, GatewayClient } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { SECOND } from '#kernel/clock.js';
import { type JsonRecord, number, record, records, text } from '#kernel/read.js';
import { clockGate, probe } from './clock-gate.js';
import { mergeDirections } from './directions.js';
import { type CheckResult, type CliFinding, finding, type RecentRefusal } from './finding.js';
import { preflightPath, readAvailability, readGates, readRefusal } from './from-gateway.js';
import { callbackGate, forwardingGates, healthGate, rulesGate, settingsGates, signatureGate } from './number-gates.js';
import { sayDiagnosis } from './texts/diagnosis-texts.js';

const DIALOG360 = 'https://waba-v2.360dialog.io';
const PROBE_MS = 5 * SECOND;

/** What a running gateway knows; `to` adds the gates of a user, by phone number or BSUID. `refused` is its answer to a key that may not read the diagnosis. */
export async function throughGateway(
  gateway: GatewayClient,
  to: string | null,
  printer: Printer,
  { env, clock }: Surroundings,
): Promise<(CheckResult & { refusals: RecentRefusal[] }) | { refused: GatewayAnswer }> {
  const { language } = printer;
  printer.progress(sayDiagnosis('reading_status', language));
  const status = await gateway.get('/api/calling/status?refresh=true');
  if (status.status !== 200) return { refused: status };
  printer.progress(sayDiagnosis('reading_eligibility', language));
  const eligibility = await gateway.get('/api/compliance/eligibility');
  const settings = await gateway.get('/api/calling/settings');
  const person = to === null ? NO_PERSON : await personGates(gateway, to, printer);
  printer.progress(sayDiagnosis('reading_clock', language));
  const ofClock = await clockOf(status, env.D360_BASE_URL, language);
  const calling = settings.status === 200 ? record(settings.body.calling) : undefined;
  const reachability = reachabilityGate(status.body, language);
  const own = [
    finding('configuration', 'pass', language),
    finding('gateway', 'pass', language, { value: gateway.url }),
    reachability,
    ...numberGates(status.body, eligibility.body, language),
    tokenGate(status.body, language),
    signatureGate(record(record(status.body.webhook)?.signature), language),
    subscriptionsGate(status.body, language),
    ...forwardingGates(status.body, clock.now(), language),
    ...(calling ? settingsGates(calling, clock.now(), language) : [callbackGate(text(status.body.callback_permission) ?? null, language)]),
    healthGate(text(readingOf(status.body, 'health').value) ?? null, language),
    rulesGate(clock.now(), language),
  ];
  return {
    findings: [...own, ...person.findings.filter(({ name }) => !own.some((gate) => gate.name === name)), ofClock],
    outbound: worst(readAvailability(status.body.outbound), person.outbound, reachability.verdict === 'pass' ? 'available' : 'unknown'),
    refusals: records(status.body.recent_refusals).map((refusal) => readRefusal(refusal, language)),
  };
}

const NO_PERSON: CheckResult = { findings: [], outbound: 'available' };

const worst = (...results: CheckResult['outbound'][]): CheckResult['outbound'] =>
  (['blocked', 'unknown'] as const).find((result) => results.includes(result)) ?? 'available';

/** The gates of the status, and those that only the eligibility lists. */
function numberGates(status: JsonRecord, eligibility: JsonRecord, language: Language): CliFinding[] {
  const gatesOf = (direction: string): CliFinding[] => {
    const gates = readGates(status[direction], language);
    return [...gates, ...readGates(eligibility[direction], language).filter(({ name }) => !gates.some((gate) => gate.name === name))];
  };
  return mergeDirections(gatesOf('outbound'), gatesOf('inbound'));
}

async function personGates(gateway: GatewayClient, to: string, printer: Printer): Promise<CheckResult> {
  const { language } = printer;
  printer.progress(sayDiagnosis('reading_person', language));
  const { status, body } = await gateway.get(preflightPath(to));
  if (status !== 200) {
    const cause = sayDiagnosis('no_preflight', language, { reason: text(body.title) ?? `HTTP ${status}` });
    return {
      findings: [finding('preflight', 'unknown', language, { direction: 'outbound', cause, remedy: text(body.remedy) ?? null })],
      outbound: 'unknown',
    };
  }
  const findings = readGates(body, language).map((one): CliFinding => ({ ...one, direction: 'outbound' }));
  return { findings, outbound: readAvailability(body) };
}

/** The status was refreshed for this request, so missing readings show that 360dialog did not answer. */
function reachabilityGate(status: JsonRecord, language: Language): CliFinding {
  const reasons = ['calling_status', 'health', 'registered_url'].map((name) => text(readingOf(status, name).reason) ?? null);
  const lost = reasons.every((reason) => reason === 'upstream_error' || NOTHING_SENT.some((code) => code === reason));
  // The gateway answers with older readings: whether they still hold is not known.
  const code = NOTHING_SENT.find((one) => reasons.every((reason) => reason === one)) ?? 'upstream_unavailable';
  if (lost) return finding('reachability', 'unknown', language, { code });
  return finding('reachability', 'pass', language);
}

/** A delivery is kept only when it carried the token, so one that was kept proves it. */
function tokenGate(status: JsonRecord, language: Language): CliFinding {
  const at = text(record(status.webhook)?.last_delivery_at);
  if (at !== undefined) return finding('webhook_token', 'pass', language, { direction: 'inbound', value: at });
  const words = { cause: sayDiagnosis('token_unproven', language), remedy: sayDiagnosis('token_remedy', language) };
  return finding('webhook_token', 'unknown', language, { direction: 'inbound', ...words });
}

/** Subscriptions that stand still because of their keys; an older gateway does not count them. */
function subscriptionsGate(status: JsonRecord, language: Language): CliFinding {
  const value = number(status.subscriptions_paused) ?? null;
  if (value === null) return finding('subscriptions', 'unknown', language);
  if (value === 0) return finding('subscriptions', 'pass', language);
  const words = { cause: sayDiagnosis('subscriptions_paused', language), remedy: sayDiagnosis('subscriptions_remedy', language) };
  return finding('subscriptions', 'warning', language, { value, required: 0, ...words });
}

/** The simulator runs by the gateway's own clock; only the real 360dialog has another. */
async function clockOf({ mode, date }: GatewayAnswer, baseUrl: string | undefined, language: Language): Promise<CliFinding> {
  const asked = performance.now();
  const theirs = mode === 'live' ? await probe(baseUrl?.trim() || DIALOG360, PROBE_MS) : { theirs: date, lost: null };
  return clockGate(date === null ? null : date + (mode === 'live' ? performance.now() - asked : 0), theirs, language);
}

const readingOf = (status: JsonRecord, name: string): JsonRecord => record(record(status.figures)?.[name]) ?? {};
