/** The path at which 360dialog delivers webhooks, below `PUBLIC_URL`: of any of our numbers, by their tokens. */
export const WEBHOOK_PATH = '/api/webhooks/360dialog';
/** The path of one number, as the router has it. */
export const NUMBER_WEBHOOK_PATH = `${WEBHOOK_PATH}/:phone_number_id`;

/** Whether a route, as the router or the OpenAPI document writes it, takes deliveries. */
export const isWebhookRoute = (url: string | undefined): boolean =>
  url === WEBHOOK_PATH || url === NUMBER_WEBHOOK_PATH || url === `${WEBHOOK_PATH}/{phone_number_id}`;

/** Where a number's webhooks should go. The path of all takes them, too. */
export const webhookUrlOf = (publicUrl: string, phoneNumberId: string): string => `${publicUrl}${WEBHOOK_PATH}/${phoneNumberId}`;

/** Whether an address takes the deliveries of a number here; a query and a slash at its end make no other. */
export function isOurWebhook(url: string, publicUrl: string, phoneNumberId: string): boolean {
  if (!URL.canParse(url)) return false;
  const addressOf = (text: string) => {
    const { protocol, host, pathname } = new URL(text);
    return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
  };
  return [webhookUrlOf(publicUrl, phoneNumberId), `${publicUrl}${WEBHOOK_PATH}`].some((ours) => addressOf(ours) === addressOf(url));
}
