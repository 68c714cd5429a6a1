// Written by `npm run client` from the OpenAPI document of the gateway; do not change it here.
import type { Client, FetchOptions } from 'openapi-fetch';
import type { components, operations, paths } from './api.ts';
import { answered } from './errors.ts';

/** Every shape of the API by its name. */
export type Schemas = components['schemas'];

type Init<Id extends keyof operations> = FetchOptions<operations[Id]>;

/** Every operation of the API that answers JSON, or with no body. */
export interface Operations {
  /** Calls a user in two steps: obtains permission if needed, then connects. Scopes: `calls:dial`. POST /api/calling/make-call */
  makeCall(init: Init<'makeCall'>): Promise<Schemas['Call']>;
  /** Step two: dials a call that waits in `ready`. Scopes: `calls:dial`. POST /api/calling/connect */
  connectCall(init: Init<'connectCall'>): Promise<Schemas['Call']>;
  /** Inbound: warms the media up with your SDP answer and claims the call. Scopes: `calls:control`. POST /api/calling/pre-accept */
  preAcceptCall(init: Init<'preAcceptCall'>): Promise<Schemas['Call']>;
  /** Inbound: answers. 200: send media now. 202: 360dialog did not respond (`accepting`, `outcome_known: false`); send none. Scopes: `calls:control`. POST /api/calling/accept */
  acceptCall(init: Init<'acceptCall'>): Promise<Schemas['Call']>;
  /** Inbound: declines. Scopes: `calls:control`. POST /api/calling/reject */
  rejectCall(init: Init<'rejectCall'>): Promise<Schemas['Call']>;
  /** Hangs up, cancels a ringing call, or cancels one that waits. Scopes: `calls:control`. POST /api/calling/terminate */
  terminateCall(init: Init<'terminateCall'>): Promise<Schemas['Call']>;
  /** Inbound: gives up your claim, so that another operator may answer. Scopes: `calls:control`. POST /api/calling/release */
  releaseCall(init: Init<'releaseCall'>): Promise<Schemas['Call']>;
  /** Step one alone: asks the user whether you may call. Scopes: `permissions:ask`. POST /api/calling/request-permission */
  requestPermission(init: Init<'requestPermission'>): Promise<Schemas['PermissionRequested']>;
  /** Whether this person may be called now: every gate of the number and the person with its verdict, evidence, remedy and the earliest moment it changes, and what make-call would do. Scopes: `permissions:read`. GET /api/calling/preflight */
  getPreflight(init?: Init<'getPreflight'>): Promise<Schemas['Preflight']>;
  /** Shows whether, when and why the number may call and be called. Scopes: `status:read`. GET /api/calling/status */
  getStatus(init?: Init<'getStatus'>): Promise<Schemas['Status']>;
  /** The permission to call one user: its status and source, the limits, and the history. Scopes: `permissions:read`. GET /api/calling/permissions/{user} */
  getPermission(init: Init<'getPermission'>): Promise<Schemas['Permission']>;
  /** The calls, newest first. Scopes: `calls:read`. GET /api/calling/calls */
  listCalls(init?: Init<'listCalls'>): Promise<Schemas['CallPage']>;
  /** One call, by the gateway's id or by wacid. Scopes: `calls:read`. GET /api/calling/calls/{id} */
  getCall(init: Init<'getCall'>): Promise<Schemas['Call']>;
  /** Every request, response, webhook, command and change of state of a call, in the order in which the gateway noted it. Scopes: `calls:read`. GET /api/calling/calls/{id}/timeline */
  getCallTimeline(init: Init<'getCallTimeline'>): Promise<Schemas['Timeline']>;
  /** A file for a support ticket: the call, its timeline, its wacid, Meta's trace ids, versions and the age of the settings. Scopes: `calls:read`. GET /api/calling/calls/{id}/bundle */
  getCallBundle(init: Init<'getCallBundle'>): Promise<Schemas['Bundle']>;
  /** Takes the lease of a live call, or renews it with its `fence`. Scopes: `calls:control`. PUT /api/calling/calls/{id}/lease */
  holdLease(init: Init<'holdLease'>): Promise<Schemas['Lease']>;
  /** Gives the lease up: the call goes on, and does not end without renewals. Scopes: `calls:control`. DELETE /api/calling/calls/{id}/lease */
  releaseLease(init: Init<'releaseLease'>): Promise<undefined>;
  /** STUN and TURN servers as the owner has configured them (`ICE_SERVERS`), with credentials for this caller. Scopes: `calls:control`. GET /api/calling/ice-servers */
  getIceServers(init?: Init<'getIceServers'>): Promise<Schemas['IceServers']>;
  /** The settings as 360dialog reported them, at most 60 s ago or as old as `observed_at` says. Scopes: `settings:read`. GET /api/calling/settings */
  getCallingSettings(init?: Init<'getCallingSettings'>): Promise<Schemas['CallingSettings']>;
  /** Changes a part and keeps the rest: what Meta would delete, such as the holidays, is sent along. Scopes: `settings:write`. PATCH /api/calling/settings */
  changeCallingSettings(init: Init<'changeCallingSettings'>): Promise<Schemas['ChangedSettings']>;
  /** Lists the subscriptions, the oldest first, without their secrets; a key with a list of numbers sees those that get events of these alone. Scopes: `subscriptions:write`. GET /api/subscriptions */
  listSubscriptions(init?: Init<'listSubscriptions'>): Promise<Schemas['SubscriptionPage']>;
  /** Creates a subscription: the gateway posts each event from now on to a URL, at least once and in order per subject. Scopes: `subscriptions:write`. POST /api/subscriptions */
  createSubscription(init: Init<'createSubscription'>): Promise<Schemas['SubscriptionWithSecret']>;
  /** Returns one subscription with the health of its deliveries. Scopes: `subscriptions:write`. GET /api/subscriptions/{id} */
  getSubscription(init: Init<'getSubscription'>): Promise<Schemas['Subscription']>;
  /** Deletes a subscription with the log of its deliveries; deliveries stop at once. Scopes: `subscriptions:write`. DELETE /api/subscriptions/{id} */
  deleteSubscription(init: Init<'deleteSubscription'>): Promise<undefined>;
  /** Changes, pauses or resumes a subscription, also one that the gateway has disabled. Scopes: `subscriptions:write`. PATCH /api/subscriptions/{id} */
  changeSubscription(init: Init<'changeSubscription'>): Promise<Schemas['Subscription']>;
  /** Creates a new secret, which only this response shows. Scopes: `subscriptions:write`. POST /api/subscriptions/{id}/rotate-secret */
  rotateSubscriptionSecret(init: Init<'rotateSubscriptionSecret'>): Promise<Schemas['SubscriptionWithSecret']>;
  /** Lists the deliveries of a subscription, the newest events first; the gateway keeps them for 7 days. Scopes: `subscriptions:write`. GET /api/subscriptions/{id}/deliveries */
  listDeliveries(init: Init<'listDeliveries'>): Promise<Schemas['EventDeliveryPage']>;
  /** Delivers events of the last 7 days again under the same ids: those of a span of time or with given ids, whether or not they were delivered. Scopes: `subscriptions:write`. POST /api/subscriptions/{id}/replay */
  replaySubscription(init: Init<'replaySubscription'>): Promise<Schemas['Replayed']>;
  /** Sends a signed event of the type `subscription.test` now, in the format `meta` a webhook without an element, and returns the request and the result. Scopes: `subscriptions:write`. POST /api/subscriptions/{id}/test */
  testSubscription(init: Init<'testSubscription'>): Promise<Schemas['Test']>;
  /** Lists every code with its cause and what to do, in the language of `Accept-Language`. Scopes: `status:read`. GET /api/calling/errors */
  listErrors(init?: Init<'listErrors'>): Promise<Schemas['ErrorList']>;
  /** Reads one entry, by an error code such as `permission_required`, by Meta's number such as `138006`, or by the words of a refusal such as `Bad request`. Scopes: `status:read`. GET /api/calling/errors/{code} */
  getError(init: Init<'getError'>): Promise<Schemas['ErrorEntry']>;
  /** Explains an error as it was received: paste the JSON of 360dialog, of Meta, of a webhook or of this gateway, or `{ "text": "…" }` for anything that is no JSON. Scopes: `status:read`. POST /api/calling/errors/explain */
  explainError(init: Init<'explainError'>): Promise<Schemas['Explanation']>;
  /** Returns the progress towards the required conversations, and apart from it the messaging limit that Meta checks. Scopes: `compliance:read`. GET /api/calling/conversation-requirements */
  getConversationRequirements(init?: Init<'getConversationRequirements'>): Promise<Schemas['ConversationRequirements']>;
  /** Lists every gate, inbound and outbound, with its evidence and what to do. Scopes: `compliance:read`. GET /api/compliance/eligibility */
  getEligibility(init?: Init<'getEligibility'>): Promise<Schemas['Eligibility']>;
  /** Polls now; `Location` names the snapshot, which is `running` until the sources have answered. Scopes: `compliance:write`. POST /api/compliance/check */
  checkCompliance(init?: Init<'checkCompliance'>): Promise<Schemas['Snapshot']>;
  /** Every poll with its metrics, newest first; of each number of the key when none is given. Scopes: `compliance:read`. GET /api/compliance/snapshots */
  listSnapshots(init?: Init<'listSnapshots'>): Promise<Schemas['SnapshotPage']>;
  /** One poll. Scopes: `compliance:read`. GET /api/compliance/snapshots/{id} */
  getSnapshot(init: Init<'getSnapshot'>): Promise<Schemas['Snapshot']>;
  /** What was declared, and until when it is valid. Scopes: `compliance:read`. GET /api/compliance/declarations */
  getDeclarations(init?: Init<'getDeclarations'>): Promise<Schemas['Declarations']>;
  /** Declares what you see in the Hub; each declaration counts from now. Scopes: `compliance:write`. PUT /api/compliance/declarations */
  setDeclarations(init: Init<'setDeclarations'>): Promise<Schemas['Declarations']>;
  /** Every report and revision, newest first, without their series; of one, some or all numbers of the key. Scopes: `compliance:read`. GET /api/compliance/reports */
  listReports(init?: Init<'listReports'>): Promise<Schemas['ReportPage']>;
  /** The latest revision of the latest day, as JSON, CSV or a page. Scopes: `compliance:read`. GET /api/compliance/reports/latest */
  getLatestReport(init?: Init<'getLatestReport'>): Promise<Schemas['ComparedReport']>;
  /** The latest report of one, some or all numbers of the key, one line for each, as JSON, CSV or a page. Scopes: `compliance:read`. GET /api/compliance/reports/overview */
  getReportOverview(init?: Init<'getReportOverview'>): Promise<Schemas['ReportOverview']>;
  /** What happened in a day, a week or a month, with the change since the one before: of one, some or all numbers of the key, those with trouble first. Scopes: `compliance:read`. GET /api/compliance/reports/periods */
  getPeriodReports(init?: Init<'getPeriodReports'>): Promise<Schemas['PeriodReports']>;
  /** One report, as JSON, CSV or a page. Scopes: `compliance:read`. GET /api/compliance/reports/{id} */
  getReport(init: Init<'getReport'>): Promise<Schemas['ComparedReport']>;
  /** Lists the deliveries, the oldest first, with what was sent and what failed; a key with a list of numbers sees those of these alone. Scopes: `compliance:read`. GET /api/compliance/report-deliveries */
  listReportDeliveries(init?: Init<'listReportDeliveries'>): Promise<Schemas['ReportDeliveryPage']>;
  /** Makes a delivery. Scopes: `compliance:write`. POST /api/compliance/report-deliveries */
  createReportDelivery(init: Init<'createReportDelivery'>): Promise<Schemas['ReportDeliveryWithSecret']>;
  /** Returns one delivery. Scopes: `compliance:read`. GET /api/compliance/report-deliveries/{id} */
  getReportDelivery(init: Init<'getReportDelivery'>): Promise<Schemas['ReportDelivery']>;
  /** Deletes a delivery with its address; nothing more is sent. Scopes: `compliance:write`. DELETE /api/compliance/report-deliveries/{id} */
  deleteReportDelivery(init: Init<'deleteReportDelivery'>): Promise<undefined>;
  /** Lists the numbers, the first one first, without their secrets. Scopes: `numbers:read`. GET /api/numbers */
  listNumbers(init?: Init<'listNumbers'>): Promise<Schemas['NumberList']>;
  /** Adds a number by its key at 360dialog. Scopes: `numbers:admin`. POST /api/numbers */
  addNumber(init: Init<'addNumber'>): Promise<Schemas['AddedNumber']>;
  /** Returns one number without its secrets. Scopes: `numbers:read`. GET /api/numbers/{phone_number_id} */
  getNumber(init: Init<'getNumber'>): Promise<Schemas['Number']>;
  /** Removes a number: it takes no new calls from now on. Scopes: `numbers:admin`. DELETE /api/numbers/{phone_number_id} */
  removeNumber(init: Init<'removeNumber'>): Promise<Schemas['Number']>;
  /** Changes, pauses or resumes a number. Scopes: `numbers:admin`. PATCH /api/numbers/{phone_number_id} */
  changeNumber(init: Init<'changeNumber'>): Promise<Schemas['Number']>;
  /** Registers this gateway as the webhook of a number. Scopes: `numbers:admin`. POST /api/numbers/{phone_number_id}/webhook */
  registerNumberWebhook(init: Init<'registerNumberWebhook'>): Promise<Schemas['Registration']>;
  /** Restores the webhook that the registration of this gateway has replaced. Scopes: `numbers:admin`. DELETE /api/numbers/{phone_number_id}/webhook */
  restoreNumberWebhook(init: Init<'restoreNumberWebhook'>): Promise<Schemas['Registration']>;
  /** Makes a new token for the deliveries of a number, and registers it where this gateway is the webhook. Scopes: `numbers:admin`. POST /api/numbers/{phone_number_id}/rotate-webhook-token */
  rotateWebhookToken(init: Init<'rotateWebhookToken'>): Promise<Schemas['RotatedToken']>;
  /** Lists the channels of the partner by their ids, with what the gateway has of them. Scopes: `numbers:admin`. GET /api/partner/channels */
  listChannels(init?: Init<'listChannels'>): Promise<Schemas['PartnerChannelList']>;
  /** Adopts a channel: makes a key, which revokes every earlier key of the number, keeps it sealed, and adds the number. Scopes: `numbers:admin`. POST /api/partner/channels/{id}/adopt */
  adoptChannel(init: Init<'adoptChannel'>): Promise<Schemas['AddedNumber']>;
  /** Lists the keys, oldest first, without their secrets; a key with a list of numbers sees those whose list lies within its own. Scopes: `keys:admin`. GET /api/keys */
  listApiKeys(init?: Init<'listApiKeys'>): Promise<Schemas['ApiKeyList']>;
  /** Makes a key and shows it once, and again under the same `Idempotency-Key` to the same credential. Scopes: `keys:admin`. POST /api/keys */
  createApiKey(init: Init<'createApiKey'>): Promise<Schemas['MadeApiKey']>;
  /** Deletes a key; it is refused from the next request on. Scopes: `keys:admin`. DELETE /api/keys/{id} */
  deleteApiKey(init: Init<'deleteApiKey'>): Promise<Schemas['DeletedApiKey']>;
  /** Changes which numbers a key reaches, its limits, or whether it is suspended; what is left out stays. Scopes: `keys:admin`. PATCH /api/keys/{id} */
  changeApiKey(init: Init<'changeApiKey'>): Promise<Schemas['ApiKey']>;
  /** Who changed keys, settings and subscriptions, polled, declared, erased or exported, and which keys were used; newest first, kept for `AUDIT_RETENTION_DAYS`. Scopes: `audit:read`. GET /api/audit */
  listAuditEntries(init?: Init<'listAuditEntries'>): Promise<Schemas['AuditPage']>;
  /** Makes a short-lived token for a browser, so that no API key stands in a page: at most 15 minutes, with some of the key's scopes, refused from the moment the key is deleted. Scopes: none; any key will do. POST /api/tokens */
  createToken(init: Init<'createToken'>): Promise<Schemas['Token']>;
  /** Erases a person, by phone number or BSUID: number, names, permissions, and what was received and published about them. Scopes: `data:erase`. DELETE /api/users/{user} */
  eraseUser(init: Init<'eraseUser'>): Promise<Schemas['Erasure']>;
  /** Everything that the gateway keeps about a person, by phone number or BSUID, as JSON; the audit log records who asked. Scopes: `data:export`. GET /api/users/{user}/export */
  exportUser(init: Init<'exportUser'>): Promise<Schemas['PersonExport']>;
  /** Finds people by name, phone number, user name, BSUID, or the `reference` of a call with them, in the numbers that the key reaches, each with the last call. Scopes: `calls:read`. GET /api/users */
  findUsers(init: Init<'findUsers'>): Promise<Schemas['PeoplePage']>;
  /** Lists the deliveries that the target answered three times with 4xx (other than 408, 425 and 429), the oldest first. Scopes: `status:read`. GET /api/forwarding/set-aside */
  listSetAside(init?: Init<'listSetAside'>): Promise<Schemas['RefusedForwardPage']>;
  /** Posts deliveries that are set aside once more, byte for byte, beside the queue. Scopes: `settings:write`. POST /api/forwarding/replay */
  replayForwards(init: Init<'replayForwards'>): Promise<Schemas['ReplayedForwards']>;
  /** Answers as long as the process lives. GET /health/live */
  getLiveness(init?: Init<'getLiveness'>): Promise<Schemas['Health']>;
  /** 200 while this process should be sent requests, 503 while it stops or its database does not answer. GET /health/ready */
  getReadiness(init?: Init<'getReadiness'>): Promise<Schemas['Readiness']>;
}

export const operationsOf = (api: Client<paths, 'application/json'>): Operations => ({
  makeCall: (init) => answered(api.POST('/api/calling/make-call', init)),
  connectCall: (init) => answered(api.POST('/api/calling/connect', init)),
  preAcceptCall: (init) => answered(api.POST('/api/calling/pre-accept', init)),
  acceptCall: (init) => answered(api.POST('/api/calling/accept', init)),
  rejectCall: (init) => answered(api.POST('/api/calling/reject', init)),
  terminateCall: (init) => answered(api.POST('/api/calling/terminate', init)),
  releaseCall: (init) => answered(api.POST('/api/calling/release', init)),
  requestPermission: (init) => answered(api.POST('/api/calling/request-permission', init)),
  getPreflight: (init) => answered(api.GET('/api/calling/preflight', init)),
  getStatus: (init) => answered(api.GET('/api/calling/status', init)),
  getPermission: (init) => answered(api.GET('/api/calling/permissions/{user}', init)),
  listCalls: (init) => answered(api.GET('/api/calling/calls', init)),
  getCall: (init) => answered(api.GET('/api/calling/calls/{id}', init)),
  getCallTimeline: (init) => answered(api.GET('/api/calling/calls/{id}/timeline', init)),
  getCallBundle: (init) => answered(api.GET('/api/calling/calls/{id}/bundle', init)),
  holdLease: (init) => answered(api.PUT('/api/calling/calls/{id}/lease', init)),
  releaseLease: (init) => answered(api.DELETE('/api/calling/calls/{id}/lease', init)),
  getIceServers: (init) => answered(api.GET('/api/calling/ice-servers', init)),
  getCallingSettings: (init) => answered(api.GET('/api/calling/settings', init)),
  changeCallingSettings: (init) => answered(api.PATCH('/api/calling/settings', init)),
  listSubscriptions: (init) => answered(api.GET('/api/subscriptions', init)),
  createSubscription: (init) => answered(api.POST('/api/subscriptions', init)),
  getSubscription: (init) => answered(api.GET('/api/subscriptions/{id}', init)),
  deleteSubscription: (init) => answered(api.DELETE('/api/subscriptions/{id}', init)),
  changeSubscription: (init) => answered(api.PATCH('/api/subscriptions/{id}', init)),
  rotateSubscriptionSecret: (init) => answered(api.POST('/api/subscriptions/{id}/rotate-secret', init)),
  listDeliveries: (init) => answered(api.GET('/api/subscriptions/{id}/deliveries', init)),
  replaySubscription: (init) => answered(api.POST('/api/subscriptions/{id}/replay', init)),
  testSubscription: (init) => answered(api.POST('/api/subscriptions/{id}/test', init)),
  listErrors: (init) => answered(api.GET('/api/calling/errors', init)),
  getError: (init) => answered(api.GET('/api/calling/errors/{code}', init)),
  explainError: (init) => answered(api.POST('/api/calling/errors/explain', init)),
  getConversationRequirements: (init) => answered(api.GET('/api/calling/conversation-requirements', init)),
  getEligibility: (init) => answered(api.GET('/api/compliance/eligibility', init)),
  checkCompliance: (init) => answered(api.POST('/api/compliance/check', init)),
  listSnapshots: (init) => answered(api.GET('/api/compliance/snapshots', init)),
  getSnapshot: (init) => answered(api.GET('/api/compliance/snapshots/{id}', init)),
  getDeclarations: (init) => answered(api.GET('/api/compliance/declarations', init)),
  setDeclarations: (init) => answered(api.PUT('/api/compliance/declarations', init)),
  listReports: (init) => answered(api.GET('/api/compliance/reports', init)),
  getLatestReport: (init) => answered(api.GET('/api/compliance/reports/latest', init)),
  getReportOverview: (init) => answered(api.GET('/api/compliance/reports/overview', init)),
  getPeriodReports: (init) => answered(api.GET('/api/compliance/reports/periods', init)),
  getReport: (init) => answered(api.GET('/api/compliance/reports/{id}', init)),
  listReportDeliveries: (init) => answered(api.GET('/api/compliance/report-deliveries', init)),
  createReportDelivery: (init) => answered(api.POST('/api/compliance/report-deliveries', init)),
  getReportDelivery: (init) => answered(api.GET('/api/compliance/report-deliveries/{id}', init)),
  deleteReportDelivery: (init) => answered(api.DELETE('/api/compliance/report-deliveries/{id}', init)),
  listNumbers: (init) => answered(api.GET('/api/numbers', init)),
  addNumber: (init) => answered(api.POST('/api/numbers', init)),
  getNumber: (init) => answered(api.GET('/api/numbers/{phone_number_id}', init)),
  removeNumber: (init) => answered(api.DELETE('/api/numbers/{phone_number_id}', init)),
  changeNumber: (init) => answered(api.PATCH('/api/numbers/{phone_number_id}', init)),
  registerNumberWebhook: (init) => answered(api.POST('/api/numbers/{phone_number_id}/webhook', init)),
  restoreNumberWebhook: (init) => answered(api.DELETE('/api/numbers/{phone_number_id}/webhook', init)),
  rotateWebhookToken: (init) => answered(api.POST('/api/numbers/{phone_number_id}/rotate-webhook-token', init)),
  listChannels: (init) => answered(api.GET('/api/partner/channels', init)),
  adoptChannel: (init) => answered(api.POST('/api/partner/channels/{id}/adopt', init)),
  listApiKeys: (init) => answered(api.GET('/api/keys', init)),
  createApiKey: (init) => answered(api.POST('/api/keys', init)),
  deleteApiKey: (init) => answered(api.DELETE('/api/keys/{id}', init)),
  changeApiKey: (init) => answered(api.PATCH('/api/keys/{id}', init)),
  listAuditEntries: (init) => answered(api.GET('/api/audit', init)),
  createToken: (init) => answered(api.POST('/api/tokens', init)),
  eraseUser: (init) => answered(api.DELETE('/api/users/{user}', init)),
  exportUser: (init) => answered(api.GET('/api/users/{user}/export', init)),
  findUsers: (init) => answered(api.GET('/api/users', init)),
  listSetAside: (init) => answered(api.GET('/api/forwarding/set-aside', init)),
  replayForwards: (init) => answered(api.POST('/api/forwarding/replay', init)),
  getLiveness: (init) => answered(api.GET('/health/live', init)),
  getReadiness: (init) => answered(api.GET('/health/ready', init)),
});
