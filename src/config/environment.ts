import { Secret } from '#kernel/secret.js';

/** All faults of a configuration; each names its variable. */
export class InvalidSettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'InvalidSettings';
  }
}

/** Reads variables one by one and collects every fault. A fault never contains a secret. */
export class Environment {
  readonly faults: string[] = [];

  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  /** The trimmed value; undefined when it is unset or empty. */
  text(name: string): string | undefined {
    const value = this.variables[name]?.trim();
    return value === '' ? undefined : value;
  }

  /** A value without spaces and of a minimum length. */
  secret(name: string, minLength = 8): Secret | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value.length < minLength || /\s/.test(value)) this.fault(name, `must be at least ${minLength} characters without spaces`);
    return new Secret(value);
  }

  /** A whole number from `min` to `max`. */
  integer(name: string, fallback: number, min: number, max: number): number {
    const parse = (value: string) => (/^-?\d+$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined);
    return this.#read(name, fallback, parse, (value) => `must be a whole number from ${min} to ${max}, not "${value}"`);
  }

  /** A duration given in whole seconds, as milliseconds. */
  seconds(name: string, fallback: number, min: number, max: number): number {
    return this.integer(name, fallback, min, max) * 1000;
  }

  /** true, 1, yes, false, 0 or no, in any case. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (['true', '1', 'yes'].includes(value)) return true;
    if (['false', '0', 'no'].includes(value)) return false;
    this.fault(name, `must be true or false, not "${value}"`);
    return fallback;
  }

  /** One of the allowed values. */
  oneOf<T extends string>(name: string, fallback: T, allowed: readonly T[]): T {
    const parse = (value: string) => allowed.find((one) => one === value);
    return this.#read(name, fallback, parse, (value) => `must be one of ${allowed.join(', ')}, not "${value}"`);
  }

  /** An http or https address without a slash at its end. A URL may carry a password, so a fault does not repeat it. */
  url<T extends string | undefined = undefined>(name: string, fallback?: T): string | T {
    const parse = (value: string) =>
      URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value.replace(/\/+$/, '') : undefined;
    return this.#read<string | T>(name, fallback as T, parse, () => 'must be an http:// or https:// address');
  }

  /** An address of another system, kept byte for byte. */
  foreignUrl(name: string): string | undefined {
    return this.url(name) === undefined ? undefined : this.text(name);
  }

  /** Values separated by commas; empty ones are dropped. */
  list(name: string): string[] {
    return (this.text(name) ?? '').split(',').flatMap((part) => part.trim() || []);
  }

  /** Checks a value with a function that returns the fault, or undefined. */
  checked(name: string, fallback: string, wrong: (value: string) => string | undefined): string {
    const parse = (value: string) => (wrong(value) === undefined ? value : undefined);
    return this.#read(name, fallback, parse, (value) => wrong(value) ?? '');
  }

  /** A value as `parse` reads it; undefined is a fault, and `wrong` names it. */
  #read<T>(name: string, fallback: T, parse: (value: string) => T | undefined, wrong: (value: string) => string): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const parsed = parse(value);
    if (parsed === undefined) this.fault(name, wrong(value));
    return parsed ?? fallback;
  }

  /** Records a fault of a variable. */
  fault(name: string, what: string): void {
    this.faults.push(`${name} ${what}`);
  }
}
