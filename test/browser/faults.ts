import type { Page } from 'playwright-core';

/** Not for the network: their content is in the address, or made by the page. */
const OWN = ['data:', 'blob:'];

/**
 * Everything that goes wrong in a page from now on: errors, dialogs, what its policy refused, and requests or sockets to
 * anybody but `origin`.
 */
export function faultsOf(page: Page, origin: string): string[] {
  const faults: string[] = [];
  const asked = (url: string) => {
    const home = url.replace(/^ws/, 'http').startsWith(`${origin}/`);
    if (!home && !OWN.some((scheme) => url.startsWith(scheme))) faults.push(`outside: ${url}`);
  };
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss().catch(() => undefined);
  });
  page.on('console', (message) => {
    // Before somebody signs in, the question who is signed in answers 401, which the browser reports as an error.
    if (message.type() === 'error' && !message.location().url.endsWith('/api/session')) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => asked(request.url()));
  page.on('websocket', (socket) => asked(socket.url()));
  return faults;
}
