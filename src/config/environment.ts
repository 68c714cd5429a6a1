import { readFileSync } from 'node:fs';
import { Secret } from '#kernel/secret.js';

/** A text in both languages. */
export type FaultText = Readonly<Record<'en' | 'es', string>>;

/** What is wrong with one variable. */
export interface SettingFault extends FaultText {
  /** The variable. */
  name: string;
}

/** All faults of a configuration; each names its variable. */
export class InvalidSettings extends Error {
  constructor(readonly all: readonly SettingFault[]) {
    const faults = all.map(({ name, en }) => `  - ${name} ${en}`);
    super(`The configuration has ${all.length === 1 ? 'a fault' : `${all.length} faults`}:\n${faults.join('\n')}`);
    this.name = 'InvalidSettings';
  }

  /** The faults as sentences that begin with their variable. */
  get faults(): string[] {
    return this.in('en');
  }

  in(language: 'en' | 'es'): string[] {
    return this.all.map((fault) => `${fault.name} ${fault[language]}`);
  }
}

/** Reads variables one by one, each from itself or from the file that `NAME_FILE` names, and collects every fault. A fault never contains a secret. */
export class Environment {
  readonly faults: SettingFault[] = [];
  /** What files hold, by the variable for which they stand: each is read once. */
  readonly #files = new Map<string, { content: string | undefined }>();

  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  /** The trimmed value, or the trimmed content of the file that `NAME_FILE` names; undefined when it is unset or empty. */
  text(name: string): string | undefined {
    const value = this.#given(name);
    const path = this.#given(`${name}_FILE`);
    if (path === undefined) return value;
    const known = this.#files.get(name);
    if (known) return known.content;
    const content = this.#contentOf(name, path, value);
    this.#files.set(name, { content });
    return content;
  }

  #given(name: string): string | undefined {
    return this.variables[name]?.trim() || undefined;
  }

  #contentOf(name: string, path: string, value: string | undefined): string | undefined {
    if (value !== undefined) {
      this.fault(
        name,
        `and ${name}_FILE exclude each other: unset one of the two`,
        `y ${name}_FILE se excluyen entre sí: quite una de las dos`,
      );
      return value;
    }
    try {
      return readFileSync(path, 'utf8').trim() || undefined;
    } catch {
      this.fault(`${name}_FILE`, 'names a file that cannot be read', 'nombra un archivo que no se puede leer');
      return undefined;
    }
  }

  /** A value without spaces and of a minimum length. */
  secret(name: string, minLength = 8): Secret | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value.length < minLength || /\s/.test(value)) {
      this.fault(
        name,
        `must be at least ${minLength} characters without spaces`,
        `debe tener al menos ${minLength} caracteres y ningún espacio`,
      );
    }
    return new Secret(value);
  }

  /** A whole number from `min` to `max`. */
  integer(name: string, fallback: number, min: number, max: number): number {
    const parse = (value: string) => (/^-?\d+$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined);
    return this.#read(name, fallback, parse, (value) => ({
      en: `must be a whole number from ${min} to ${max}, not "${value}"`,
      es: `debe ser un número entero de ${min} a ${max}, no "${value}"`,
    }));
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
    this.fault(name, `must be true or false, not "${value}"`, `debe ser true o false, no "${value}"`);
    return fallback;
  }

  /** One of the allowed values. */
  oneOf<T extends string>(name: string, fallback: T, allowed: readonly T[]): T {
    const parse = (value: string) => allowed.find((one) => one === value);
    return this.#read(name, fallback, parse, (value) => ({
      en: `must be one of ${allowed.join(', ')}, not "${value}"`,
      es: `debe ser uno de ${allowed.join(', ')}, no "${value}"`,
    }));
  }

  /** An http or https address without a slash at its end. A URL may carry a password, so a fault does not repeat it. */
  url<T extends string | undefined = undefined>(name: string, fallback?: T): string | T {
    const parse = (value: string) =>
      URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value.replace(/\/+$/, '') : undefined;
    return this.#read<string | T>(name, fallback as T, parse, () => ({
      en: 'must be an http:// or https:// address',
      es: 'debe ser una dirección http:// o https://',
    }));
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
  checked(name: string, fallback: string, wrong: (value: string) => FaultText | undefined): string {
    const parse = (value: string) => (wrong(value) === undefined ? value : undefined);
    return this.#read(name, fallback, parse, (value) => wrong(value) ?? { en: '', es: '' });
  }

  /** A value as `parse` reads it; undefined is a fault, and `wrong` names it. */
  #read<T>(name: string, fallback: T, parse: (value: string) => T | undefined, wrong: (value: string) => FaultText): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const parsed = parse(value);
    if (parsed === undefined) this.faults.push({ name, ...wrong(value) });
    return parsed ?? fallback;
  }

  /** Records a fault of a variable. */
  fault(name: string, en: string, es: string): void {
    this.faults.push({ name, en, es });
  }
}
