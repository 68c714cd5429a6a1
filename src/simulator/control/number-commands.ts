import { rfc3339, SECOND } from '#kernel/clock.js';
import { type JsonRecord, record, records } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import { readCallingSettings } from '#simulator/meta/read-settings.js';
import { MetaRefusal } from '#simulator/meta/refusals.js';
import { accountWebhook, restrictionWebhook } from '#simulator/webhooks/account-webhooks.js';
import {
  ACCOUNT_STATES,
  type AccountState,
  BUTTON_HIDDEN,
  RESTRICTION_TYPES,
  SIMULATED_TIERS,
  type SimulatedNumber,
  type SimulatedRestriction,
  type Tier,
} from '#simulator/world/number.js';
import { ControlError, sure } from './control-error.js';
import { nextView, numberView } from './views.js';

const DEFAULT_RESTRICTION_SECONDS = 604_800;
const FIELDS = [
  ...['tier', 'country', 'payment', 'call_primary', 'max_concurrent_calls', 'permission_reads_per_second', 'calling', 'restrictions'],
  ...['account', 'on_business_app'],
];
/**
 * `PATCH /number`: tier, country, payment, whether 360dialog is the Call primary, limits, calling settings (past the checks of
 * eligibility), restrictions and the account. The
 * webhooks that Meta would send leave at once.
 */
export function patchNumber(line: SimulatedLine, body: JsonRecord): JsonRecord {
  for (const name of Object.keys(body)) sure(FIELDS.includes(name), `${name} is unknown: there are ${FIELDS.join(', ')}`);
  const { number } = line.context;
  const calling = readCalling(line, body.calling);
  const restrictions = readRestrictions(line, body.restrictions);
  const tier = readTier(body.tier);
  const account = readAccountState(body.account);
  patchPlain(number, body);
  const told: string[] = [];
  if (calling) line.settings.apply(calling);
  if (tier && tier !== number.tier) {
    number.tier = tier;
    line.context.sendLimit();
    told.push('business_capability_update');
  }
  if (account && account !== number.account) {
    const before = number.account;
    number.account = account;
    line.context.send(accountWebhook(number, before, line.clock.now()), null);
    told.push('account_update');
  }
  if (restrictions) {
    if (restrictions.some(({ type }) => type === BUTTON_HIDDEN)) line.settings.apply({ call_icon_visibility: 'DISABLE_ALL' });
    number.restrictions = restrictions;
    if (restrictions.length) {
      line.context.send(restrictionWebhook(number), null);
      told.push('account_update');
    }
  }
  const done = told.length ? `changed; ${told.join(' and ')} leave now` : 'changed';
  return { done, number: numberView(line.context), next: nextView(line) };
}

function readTier(value: unknown): Tier | undefined {
  const tier = SIMULATED_TIERS.find((known) => known === value);
  sure(value === undefined || tier, `tier must be one of ${SIMULATED_TIERS.join(', ')}`);
  return tier;
}

function readAccountState(value: unknown): AccountState | undefined {
  const state = ACCOUNT_STATES.find((known) => known === value);
  sure(value === undefined || state, `account must be one of ${ACCOUNT_STATES.join(', ')}`);
  return state;
}

function patchPlain(number: SimulatedNumber, body: JsonRecord): void {
  const { country = number.country, payment = number.payment, call_primary: callPrimary = number.callPrimary } = body;
  const { on_business_app: onBusinessApp = number.onBusinessApp } = body;
  sure(typeof onBusinessApp === 'boolean', 'on_business_app must be true or false');
  const { max_concurrent_calls: calls = number.maxConcurrentCalls, permission_reads_per_second: reads = number.permissionReadsPerSecond } =
    body;
  sure(typeof country === 'string' && /^[A-Z]{2}$/.test(country), 'country must be an ISO 3166 code such as MX');
  sure(typeof payment === 'boolean', 'payment must be true or false');
  sure(typeof callPrimary === 'boolean', 'call_primary must be true or false');
  sure(typeof calls === 'number' && calls >= 0, 'max_concurrent_calls must be a number');
  sure(typeof reads === 'number' && reads > 0, 'permission_reads_per_second must be a number above 0');
  Object.assign(number, { country, payment, callPrimary, onBusinessApp, maxConcurrentCalls: calls, permissionReadsPerSecond: reads });
}

function readCalling({ clock }: SimulatedLine, calling: unknown): JsonRecord | undefined {
  if (calling === undefined) return undefined;
  try {
    return readCallingSettings({ calling }, rfc3339(clock.now()).slice(0, 10));
  } catch (error) {
    if (!(error instanceof MetaRefusal)) throw error;
    throw new ControlError(400, String(record(record(error.body.error)?.error_data)?.details));
  }
}

function readRestrictions({ clock }: SimulatedLine, value: unknown): SimulatedRestriction[] | undefined {
  if (value === undefined) return undefined;
  sure(Array.isArray(value), 'restrictions must be a list of { type, reason?, seconds? }; [] lifts all');
  return records(value).map(({ type, reason, seconds = DEFAULT_RESTRICTION_SECONDS }) => {
    const known = RESTRICTION_TYPES.find((one) => one === type);
    sure(known, `restrictions[].type must be one of ${RESTRICTION_TYPES.join(', ')}`);
    sure(typeof seconds === 'number' && seconds > 0, 'restrictions[].seconds must be a number');
    const why = typeof reason === 'string' ? reason : 'Calling is paused because of negative feedback';
    return { type: known, reason: why, until: known === BUTTON_HIDDEN ? null : clock.now() + seconds * SECOND };
  });
}
