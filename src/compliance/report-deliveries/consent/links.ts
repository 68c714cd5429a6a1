import type { ReportDelivery } from '#compliance/report-deliveries/report-delivery.js';

/** Where the links of mails lead, under `PUBLIC_URL`. */
export const LINKS_PATH = 'api/report-links';

/** A link as it stands in a mail. */
export const linkOf = (publicUrl: string, kind: 'confirm' | 'unsubscribe', token: string): string =>
  `${publicUrl}/${LINKS_PATH}/${kind}/${token}`;

/** The id of a delivery in the token of the link that ends it; null when there is none. */
export const deliveryIn = (token: string): ReportDelivery['id'] | null => /^(rdl_[0-9A-Z]{26})\.[\w-]{43}$/.exec(token)?.[1] ?? null;
