import type { Language } from '#error-catalogue/catalogue.js';
import { type CheckResult, type CliFinding, type DiagnosisReport, isOfSetup, type RecentRefusal } from './finding.js';
import { sayDiagnosis } from './texts/diagnosis-texts.js';
import { nameOfGate } from './texts/gate-texts.js';

/** These come first, because without them nothing else can be read. */
const FIRST = ['configuration', 'gateway', 'reachability', 'key'];

/** Derives the verdict and the headline from the findings. */
export function deriveVerdict(
  { findings, outbound }: CheckResult,
  refusals: readonly RecentRefusal[],
  language: Language,
): Pick<DiagnosisReport, 'verdict' | 'headline' | 'findings'> {
  const sorted = [
    ...FIRST.flatMap((name) => findings.filter((one) => one.name === name)),
    ...findings.filter(({ name }) => !FIRST.includes(name)),
  ];
  const failed = sorted.filter(({ verdict }) => verdict === 'fail');
  const setup = failed.filter(({ name }) => isOfSetup(name));
  const number = ofNumber(sorted, outbound, refusals, language);
  if (setup.length === 0) return { ...number, findings: sorted };
  // A gateway that answers is reached; what is said about the number comes after what is wrong with the set-up.
  const known = number.verdict === 'blocked' || number.verdict === 'fine' ? [number.headline] : [];
  const sentences = setup.map((one) => because(one.name === 'gateway' ? 'headline_key' : 'headline_configuration', one, language));
  const own = setup.some(({ name }) => name === 'configuration') ? 'misconfigured' : 'unauthorized';
  return { verdict: number.verdict === 'blocked' ? 'blocked' : own, headline: [...sentences, ...known].join(' '), findings: sorted };
}

/** The same about the number alone. */
function ofNumber(
  sorted: readonly CliFinding[],
  outbound: CheckResult['outbound'],
  refusals: readonly RecentRefusal[],
  language: Language,
): Pick<DiagnosisReport, 'verdict' | 'headline'> {
  const failed = sorted.filter(({ name, verdict }) => verdict === 'fail' && !isOfSetup(name));
  const unreachable = failed.find(({ name }) => name === 'reachability');
  if (unreachable) return { verdict: 'unreachable', headline: because('headline_unreachable', unreachable, language) };
  const reason = failed.find(({ direction }) => direction !== 'inbound') ?? failed[0];
  if (reason) {
    if (reason.direction !== 'inbound') return { verdict: 'blocked', headline: because('headline_outbound', reason, language) };
    if (outbound === 'available') return { verdict: 'blocked', headline: because('headline_inbound', reason, language) };
    return { verdict: 'blocked', headline: `${because('headline_inbound_alone', reason, language)} ${unknowns(sorted, language)}` };
  }
  const headline = [
    outbound === 'available' ? sayDiagnosis('headline_fine', language) : unknowns(sorted, language),
    latest(refusals, language),
  ];
  return { verdict: outbound === 'available' ? 'fine' : 'unknown', headline: headline.filter(Boolean).join(' ') };
}

type Headline = `headline_${'outbound' | 'inbound' | 'inbound_alone' | 'unreachable' | 'configuration' | 'key'}`;

const because = (key: Headline, reason: CliFinding, language: Language): string =>
  sayDiagnosis(key, language, { cause: reason.cause ?? nameOfGate(reason.name, language), remedy: reason.remedy ?? '…' });

function unknowns(findings: readonly CliFinding[], language: Language): string {
  const open = findings.filter(({ verdict, direction }) => verdict === 'unknown' && direction !== 'inbound');
  return sayDiagnosis('headline_unknown', language, { names: open.map(({ name }) => nameOfGate(name, language)).join(', ') || '?' });
}

const latest = ([refusal]: readonly RecentRefusal[], language: Language): string =>
  refusal
    ? sayDiagnosis('headline_latest', language, { code: refusal.code, cause: refusal.cause ?? '', remedy: refusal.remedy ?? '' })
    : '';
