/** A column of sealed texts: `KEYID.BASE64`, null where a row has none. */
interface SealedColumn {
  table: string;
  column: string;
  /** The column that names the row, by which its value is sealed: the number, or the row's own id where there is no number. It never changes. */
  id: string;
  /** Where the same secret stands in plain text until it is sealed, and what stands there afterwards. */
  plain?: { column: string; emptied: string | null };
}

/** Every column that `SECRETS_KEY` seals. The check at a start, `npm run secrets` and the seal itself know these and no other. */
export const SEALED_COLUMNS = [
  { table: 'subscriptions', column: 'sealed_secret', id: 'id', plain: { column: 'secret', emptied: '' } },
  { table: 'subscriptions', column: 'sealed_previous_secret', id: 'id', plain: { column: 'previous_secret', emptied: null } },
  { table: 'subscriptions', column: 'sealed_verify_token', id: 'id', plain: { column: 'verify_token', emptied: null } },
  { table: 'numbers', column: 'sealed_api_key', id: 'phone_number_id' },
  { table: 'numbers', column: 'sealed_webhook_token', id: 'phone_number_id' },
  { table: 'numbers', column: 'replaced_webhook', id: 'phone_number_id' },
  { table: 'numbers', column: 'forward', id: 'phone_number_id' },
  { table: 'report_deliveries', column: 'sealed_secret', id: 'id', plain: { column: 'secret', emptied: '' } },
  { table: 'adoptions', column: 'sealed_api_key', id: 'channel_id' },
] as const satisfies readonly SealedColumn[];

export type AnySealedColumn = SealedColumn;

/** Where a sealed text stands: one of the columns, and the row. */
export type SealedPlace = Pick<(typeof SEALED_COLUMNS)[number], 'table' | 'column'> & { id: string };

/** The associated data of a seal: a text that was moved to another table, column or row does not open. */
export const placeOf = ({ table, column, id }: Pick<SealedColumn, 'table' | 'column' | 'id'>): string => `${table}|${column}|${id}`;
