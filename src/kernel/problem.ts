/** What 360dialog or Meta said, exactly as it came; `null` for what they left out. */
export interface Upstream {
  /** The HTTP status of their answer. */
  status: number;
  /** Meta's error code, when the answer had one. */
  code: number | null;
  message: string | null;
  details: string | null;
  fbtrace_id: string | null;
}

export interface FieldError {
  /** The path of the field in the request, such as `session.sdp`. */
  field: string;
  /** One text for all readers, or one per language. */
  message: string | { en: string; es: string };
}

export interface ProblemFacts {
  /** Values for the placeholders of the catalogue's texts. */
  params?: Record<string, string | number>;
  /** When asking again can succeed, in ms since 1970. */
  retryAt?: number | null;
  upstream?: Upstream | null;
  errors?: FieldError[];
  /** The refusal met a mere reading: nothing was sent that has an effect. */
  onReading?: boolean;
  /** Further members of the problem document, such as `call`. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * The sources of error codes. The error catalogue adds itself with a member that holds the union of its codes, so that the
 * kernel knows every code and imports nothing.
 */
export interface ProblemCodes {
  kernel: 'internal_error';
}

/** A code of the error catalogue; any other word does not compile. */
export type ProblemCode = ProblemCodes[keyof ProblemCodes];

/**
 * A refusal that a client can act on. `code` names an entry of the error catalogue, which holds the HTTP status, the texts
 * in English and Spanish, and whether a retry can help. Everything else that is thrown is a bug and is answered with 500.
 */
export class Problem extends Error {
  readonly retryAt: number | null;
  readonly upstream: Upstream | null;
  readonly errors: FieldError[];
  readonly onReading: boolean;
  readonly params: Record<string, string | number>;
  readonly extra: Record<string, unknown>;

  constructor(
    readonly code: ProblemCode,
    facts: ProblemFacts = {},
  ) {
    super(code, { cause: facts.cause });
    this.name = 'Problem';
    this.retryAt = facts.retryAt ?? null;
    this.upstream = facts.upstream ?? null;
    this.errors = facts.errors ?? [];
    this.onReading = facts.onReading ?? false;
    this.params = facts.params ?? {};
    this.extra = facts.extra ?? {};
  }
}
