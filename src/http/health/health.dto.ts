/** The state of this process. The state of 360dialog does not count. */
export class HealthDto {
  /** `ok`, or why no request should come: `draining`, `store_unavailable`. */
  status: 'ok' | 'draining' | 'store_unavailable';
}
