import { writeFile } from 'node:fs/promises';
import { type CommandLine, GATEWAY_OPTIONS, personOf, UsageFault, wholeNumber } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { type GatewayClient, gatewayWithKey } from '#cli/terminal/gateway.client.js';
import { reasonOf } from '#cli/terminal/json-request.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printRefusal } from '#cli/terminal/problem.js';
import type { Command } from '#cli/terminal/run.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import { RawUpstream } from '#cli/webhook/raw-upstream.js';
import { readSettings } from '#config/read-settings.js';
import { rfc3339 } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import { alwaysYes, type Confirm, confirmOnTerminal } from './confirm.ts';
import { onePerAssumption } from './finding.ts';
import { HELP } from './help.ts';
import { exitOf, reportOf, type WireReport } from './report.ts';
import { STEPS_IN_ORDER } from './steps.ts';
import { sayWire } from './texts.ts';
import { walkThrough } from './walk-through.ts';

const DIALOG360 = 'https://waba-v2.360dialog.io';

/** Checks the assumptions of docs/assumptions.md against the operator's real number. */
export const verifyWire = (onTerminal: () => Confirm | undefined = confirmOnTerminal): Command => ({
  usage:
    'npm run verify-wire -- [--to NUMBER] [--number ID] [--yes] [--wait SECONDS] [--out FILE] [--url URL] [--key KEY] [--json] [--lang en|es]',
  help: HELP,
  options: {
    ...GATEWAY_OPTIONS,
    to: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
    wait: { type: 'string' },
    out: { type: 'string' },
  },
  async run(line, printer, surroundings) {
    const { language } = line;
    const to = addressOf(line);
    const waitSeconds = wholeNumber(line, 'wait', 120, 1, 604_800);
    const confirm = line.flag('yes') ? alwaysYes : onTerminal();
    if (!confirm) throw new UsageFault(sayWire('no_terminal', language));
    const gateway = gatewayWithKey(line, surroundings.env);
    const mode = await gateway.mode();
    // Without the scope to read, every assumption would end as `could_not_tell`.
    const entrance = await gateway.get('/api/calling/status');
    if (entrance.status === 401 || entrance.status === 403) return printRefusal(printer, entrance);
    if (mode === 'simulator') printer.progress(sayWire('simulator', language));
    const upstream = upstreamOf(mode, gateway, surroundings.env);
    const context = { gateway, upstream, to, waitSeconds, surroundings, interruption: surroundings.interruption() };
    const findings = onePerAssumption(await walkThrough(STEPS_IN_ORDER, context, confirm, printer));
    const about = { gateway: gateway.url, mode, checked_at: rfc3339(surroundings.clock.now()), with_person: to !== null };
    await printReport(reportOf(findings, about, language), line, printer);
    return context.interruption.aborted ? EXIT.interrupted : exitOf(findings);
  },
});

export const verifyWireCommand = verifyWire();

/** The user to ask and call, as 360dialog names users: bare digits or a BSUID. */
function addressOf(line: CommandLine): string | null {
  const user = personOf(line)?.user;
  if (!user) return null;
  return 'waId' in user ? user.waId : user.userId;
}

/** 360dialog itself, or the simulated 360dialog of that gateway. */
function upstreamOf(mode: string | null, { url }: GatewayClient, env: Surroundings['env']): RawUpstream | null {
  if (mode === 'simulator') return new RawUpstream(`${url}/simulator/360dialog`, readSettings({}).dialog360.apiKey);
  const key = env.D360_API_KEY?.trim();
  const base = (env.D360_BASE_URL?.trim() || DIALOG360).replace(/\/+$/, '');
  return key ? new RawUpstream(base, new Secret(key)) : null;
}

async function printReport(report: WireReport, line: CommandLine, printer: Printer): Promise<void> {
  const { language } = line;
  const file = line.option('out');
  printer.document(report);
  printer.line();
  printer.line(printer.dye('▶ ', 'strong') + sayWire('summary', language, report.summary));
  if (report.summary.does_not_hold > 0) printer.line(sayWire('meaning', language));
  if (file === undefined) return;
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`).catch((error: unknown) => {
    throw new UsageFault(sayWire('unwritable', language, { file, reason: reasonOf(error) }));
  });
  printer.progress(sayWire('written', language, { file }));
}
