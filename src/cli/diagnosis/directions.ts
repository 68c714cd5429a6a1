import type { CheckVerdict, CliFinding } from './finding.js';

const SEVERITY: readonly CheckVerdict[] = ['fail', 'warning', 'unknown', 'pass'];

/** Gates of both directions as one list: of a gate that both have the graver finding, named for what it is about. */
export function mergeDirections(outbound: readonly CliFinding[], inbound: readonly CliFinding[]): CliFinding[] {
  const both = outbound.map((out): CliFinding => {
    const into = inbound.find(({ name }) => name === out.name);
    if (!into) return { ...out, direction: 'outbound' };
    if (into.verdict === out.verdict) return { ...out, direction: 'both' };
    return SEVERITY.indexOf(into.verdict) < SEVERITY.indexOf(out.verdict)
      ? { ...into, direction: 'inbound' }
      : { ...out, direction: 'outbound' };
  });
  const onlyInbound = inbound.filter(({ name }) => !outbound.some((out) => out.name === name));
  return [...both, ...onlyInbound.map((into): CliFinding => ({ ...into, direction: 'inbound' }))];
}
