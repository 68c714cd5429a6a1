export class HealthDto {
  /** `ok`, or why no request should come: `draining`, `store_unavailable`. */
  status: 'ok' | 'draining' | 'store_unavailable';
}
