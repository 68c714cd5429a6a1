import axe from 'axe-core';
import type { Page, Response } from 'playwright-core';

const GRAVE = ['serious', 'critical'];
/** What a directive may allow: nothing, ourselves, what the page itself made, and one text known by its hash. */
const SAFE = /^('none'|'self'|'script'|data:|blob:|'sha256-[\w+/]+=*')$/;

/** What axe-core finds serious or critical on a page, as `rule: where`. */
export async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ target }) => target.join(' ')) }));
  });
  return found.filter(({ impact }) => GRAVE.includes(impact ?? '')).map(({ id, where }) => `${id}: ${where.slice(0, 3).join(', ')}`);
}

/** What is unsafe in a page's Content-Security-Policy, as `directive source`; a page without one is unsafe as a whole. */
export function unsafeIn(answer: Response | null): string[] {
  const policy = answer?.headers()['content-security-policy'];
  if (!policy) return ['no policy'];
  const directives = policy.split(';').map((part) => part.trim().split(/\s+/));
  const missing = directives.some(([name]) => name === 'default-src') ? [] : ['no default-src'];
  return [
    ...missing,
    ...directives.flatMap(([name, ...sources]) => sources.filter((one) => !SAFE.test(one)).map((one) => `${name} ${one}`)),
  ];
}
