import { PRODUCT } from '#config/product.js';
import type { Settings } from '#config/settings.js';

/** The start banner. `firstKey` is the text of a key made just now, shown this once. */
export function banner(
  { mode, publicUrl, simulatorHistory }: Pick<Settings, 'mode' | 'publicUrl' | 'simulatorHistory'>,
  address: string,
  firstKey: string | null,
): string {
  const lines = [`${PRODUCT.name} ${PRODUCT.version}`];
  if (mode === 'simulator') {
    lines.push('*** SIMULATOR *** No D360_API_KEY is set: a built-in simulator plays 360dialog. No real call is made.');
  } else {
    lines.push('Mode: live. Calls are real.');
  }
  lines.push(`API        ${publicUrl}/api`, `Docs       ${publicUrl}/docs`, `Console    ${publicUrl}/console`);
  if (mode === 'simulator') {
    lines.push(`Simulator  ${address}/simulator`, `Phone      ${address}/simulator/phone`);
    if (simulatorHistory !== 'none')
      lines.push(`Past       ${simulatorHistory}: invented figures and calls, SIMULATOR_HISTORY=none for none`);
  }
  if (address !== publicUrl) lines.push(`Listening  ${address}`);
  if (firstKey !== null) lines.push(`API key    ${firstKey}`, '           (made now, with every scope, and shown this once: keep it)');
  return `${lines.join('\n')}\n`;
}
