/** A row of `sessions`. */
export interface SessionColumns {
  id: string;
  kind: 'session' | 'token';
  hash: string;
  /** The key that it was made with; deleting the key ends it. */
  api_key_id: string;
  name: string;
  /** JSON list of scopes. */
  scopes: string;
  created_at: number;
  used_at: number;
  expires_at: number;
}

/** A row of `idempotency`: a request with its `Idempotency-Key`, and its answer once there is one. */
export interface IdempotencyColumns {
  api_key_id: string;
  key: string;
  /** SHA-256 of method, path and body. */
  fingerprint: string;
  /** The process that runs the request, and the end of its lease. */
  holder: string;
  running_until: number;
  /** The call whose intent this request has committed. */
  call_id: string | null;
  status: number | null;
  body: string | null;
  created_at: number;
}
