// Written by `npm run client` from the OpenAPI document of the gateway; do not change it here.
export interface paths {
  '/api/calling/make-call': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Calls a user in two steps: obtains permission if needed, then connects.
     * @description The body names the user by `to` or `recipient`. 201: dialled. 202: waiting for the user's permission, for your offer, or of unknown outcome (`outcome_known: false`).
     *
     *     Scopes: `calls:dial`.
     */
    post: operations['makeCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/connect': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Step two: dials a call that waits in `ready`.
     * @description Scopes: `calls:dial`.
     */
    post: operations['connectCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/pre-accept': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Inbound: warms the media up with your SDP answer and claims the call.
     * @description Send no media yet.
     *
     *     Scopes: `calls:control`.
     */
    post: operations['preAcceptCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/accept': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Inbound: answers. 200: send media now. 202: 360dialog did not respond (`accepting`, `outcome_known: false`); send none.
     * @description Scopes: `calls:control`.
     */
    post: operations['acceptCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/reject': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Inbound: declines.
     * @description Scopes: `calls:control`.
     */
    post: operations['rejectCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/terminate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hangs up, cancels a ringing call, or cancels one that waits.
     * @description A call that has ended already is a success.
     *
     *     Scopes: `calls:control`.
     */
    post: operations['terminateCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/release': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Inbound: gives up your claim, so that another operator may answer.
     * @description Scopes: `calls:control`.
     */
    post: operations['releaseCall'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/request-permission': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Step one alone: asks the user whether you may call.
     * @description Scopes: `permissions:ask`.
     */
    post: operations['requestPermission'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/preflight': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether this person may be called now: every gate of the number and the person with its verdict, evidence, remedy and the earliest moment it changes, and what make-call would do.
     * @description Sends nothing that has an effect, and keeps nothing of a person whom the gateway does not know.
     *
     *     Scopes: `permissions:read`.
     */
    get: operations['getPreflight'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Shows whether, when and why the number may call and be called.
     * @description Readings come from 360dialog and are at most 60 s old, or as old as `observed_at` says when it does not answer; without a source a value is `null`. Changes nothing.
     *
     *     Scopes: `status:read`.
     */
    get: operations['getStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/permissions/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The permission to call one user: its status and source, the limits, and the history.
     * @description The gateway reads it again from 360dialog when its reading is older than a minute; it asks the user nothing, and keeps nothing of a user whom it does not know.
     *
     *     Scopes: `permissions:read`.
     */
    get: operations['getPermission'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/calls': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The calls, newest first.
     * @description `Accept: text/csv` or `?format=csv` exports every call that matches, at most 100,000, and ignores `limit` and `cursor`: RFC 4180, one line per call, without sessions; texts that a spreadsheet would take for a formula begin with an apostrophe.
     *
     *     Scopes: `calls:read`.
     */
    get: operations['listCalls'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/calls/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One call, by the gateway's id or by wacid.
     * @description Scopes: `calls:read`.
     */
    get: operations['getCall'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/calls/{id}/timeline': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every request, response, webhook, command and change of state of a call, in the order in which the gateway noted it.
     * @description Scopes: `calls:read`.
     */
    get: operations['getCallTimeline'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/calls/{id}/bundle': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A file for a support ticket: the call, its timeline, its wacid, Meta's trace ids, versions and the age of the settings.
     * @description Without SDP and secrets; numbers show their last four digits and names nothing, unless `?full=true`.
     *
     *     Scopes: `calls:read`.
     */
    get: operations['getCallBundle'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/calls/{id}/lease': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Takes the lease of a live call, or renews it with its `fence`.
     * @description Once it is neither renewed nor given up in time the gateway hangs up (`error.code` is `lease_lapsed`); an inbound call that still rings is released for others instead. Another window of the same operator may take it over; the former holder's renewal then answers `lease_lost`.
     *
     *     Scopes: `calls:control`.
     */
    put: operations['holdLease'];
    post?: never;
    /**
     * Gives the lease up: the call goes on, and does not end without renewals.
     * @description Scopes: `calls:control`.
     */
    delete: operations['releaseLease'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/ice-servers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * STUN and TURN servers as the owner has configured them (`ICE_SERVERS`), with credentials for this caller.
     * @description Scopes: `calls:control`.
     */
    get: operations['getIceServers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/settings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The settings as 360dialog reported them, at most 60 s ago or as old as `observed_at` says.
     * @description Scopes: `settings:read`.
     */
    get: operations['getCallingSettings'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes a part and keeps the rest: what Meta would delete, such as the holidays, is sent along.
     * @description What Meta would refuse is a 422 that names the field. Answers the settings as read again after the change, with its effects.
     *
     *     Scopes: `settings:write`.
     */
    patch: operations['changeCallingSettings'];
    trace?: never;
  };
  '/api/subscriptions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the subscriptions, the oldest first, without their secrets; a key with a list of numbers sees those that get events of these alone.
     * @description Scopes: `subscriptions:write`.
     */
    get: operations['listSubscriptions'];
    put?: never;
    /**
     * Creates a subscription: the gateway posts each event from now on to a URL, at least once and in order per subject.
     * @description Only this response shows the secret that signs the deliveries. The key needs `events:read` and the scopes of what the subscription carries; the subscription belongs to the key and is paused when the key is deleted. A gateway has at most 1,000 subscriptions. With `"format": "meta"` the endpoint first answers Meta's handshake, and gets Meta's webhooks instead of events.
     *
     *     Scopes: `subscriptions:write`.
     */
    post: operations['createSubscription'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/subscriptions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns one subscription with the health of its deliveries.
     * @description Scopes: `subscriptions:write`.
     */
    get: operations['getSubscription'];
    put?: never;
    post?: never;
    /**
     * Deletes a subscription with the log of its deliveries; deliveries stop at once.
     * @description Scopes: `subscriptions:write`.
     */
    delete: operations['deleteSubscription'];
    options?: never;
    head?: never;
    /**
     * Changes, pauses or resumes a subscription, also one that the gateway has disabled.
     * @description Events are kept for 7 days: after a longer pause `gap` counts the lost ones, and the event `subscription.gap` reports them. The key needs the scopes of a creation, and the subscription belongs to it from then on.
     *
     *     Scopes: `subscriptions:write`.
     */
    patch: operations['changeSubscription'];
    trace?: never;
  };
  '/api/subscriptions/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Creates a new secret, which only this response shows.
     * @description For 24 hours the replaced secret signs each delivery as well; in the format `meta`, whose header has one signature, a delivery that the endpoint refuses is sent again with the replaced secret's.
     *
     *     Scopes: `subscriptions:write`.
     */
    post: operations['rotateSubscriptionSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/subscriptions/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the deliveries of a subscription, the newest events first; the gateway keeps them for 7 days.
     * @description Scopes: `subscriptions:write`.
     */
    get: operations['listDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/subscriptions/{id}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Delivers events of the last 7 days again under the same ids: those of a span of time or with given ids, whether or not they were delivered.
     * @description Without either, the gateway replays every exhausted delivery.
     *
     *     Scopes: `subscriptions:write`.
     */
    post: operations['replaySubscription'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/subscriptions/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends a signed event of the type `subscription.test` now, in the format `meta` a webhook without an element, and returns the request and the result.
     * @description Scopes: `subscriptions:write`.
     */
    post: operations['testSubscription'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/errors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists every code with its cause and what to do, in the language of `Accept-Language`.
     * @description Scopes: `status:read`.
     */
    get: operations['listErrors'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/errors/{code}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Reads one entry, by an error code such as `permission_required`, by Meta's number such as `138006`, or by the words of a refusal such as `Bad request`.
     * @description Scopes: `status:read`.
     */
    get: operations['getError'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/errors/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Explains an error as it was received: paste the JSON of 360dialog, of Meta, of a webhook or of this gateway, or `{ "text": "…" }` for anything that is no JSON.
     * @description Scopes: `status:read`.
     */
    post: operations['explainError'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calling/conversation-requirements': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns the progress towards the required conversations, and apart from it the messaging limit that Meta checks.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getConversationRequirements'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/eligibility': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists every gate, inbound and outbound, with its evidence and what to do.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getEligibility'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Polls now; `Location` names the snapshot, which is `running` until the sources have answered.
     * @description Scopes: `compliance:write`.
     */
    post: operations['checkCompliance'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/snapshots': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every poll with its metrics, newest first; of each number of the key when none is given.
     * @description Scopes: `compliance:read`.
     */
    get: operations['listSnapshots'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/snapshots/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One poll.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getSnapshot'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/declarations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was declared, and until when it is valid.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getDeclarations'];
    /**
     * Declares what you see in the Hub; each declaration counts from now.
     * @description Scopes: `compliance:write`.
     */
    put: operations['setDeclarations'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/reports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every report and revision, newest first, without their series; of one, some or all numbers of the key.
     * @description Scopes: `compliance:read`.
     */
    get: operations['listReports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/reports/latest': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The latest revision of the latest day, as JSON, CSV or a page.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getLatestReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/reports/overview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The latest report of one, some or all numbers of the key, one line for each, as JSON, CSV or a page.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getReportOverview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/reports/periods': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened in a day, a week or a month, with the change since the one before: of one, some or all numbers of the key, those with trouble first.
     * @description As JSON, CSV or a page.
     *
     *     Scopes: `compliance:read`.
     */
    get: operations['getPeriodReports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/reports/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One report, as JSON, CSV or a page.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/report-deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the deliveries, the oldest first, with what was sent and what failed; a key with a list of numbers sees those of these alone.
     * @description Scopes: `compliance:read`.
     */
    get: operations['listReportDeliveries'];
    put?: never;
    /**
     * Makes a delivery.
     * @description A mail address gets one message with a link and nothing more until its reader has confirmed it, unless its domain stands in `REPORT_RECIPIENTS`; a URL gets posts that the secret signs, which only this response shows. The key needs `compliance:read` as well; the delivery ends with the key. A key has at most 50, a gateway 1,000.
     *
     *     Scopes: `compliance:write`.
     */
    post: operations['createReportDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/compliance/report-deliveries/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns one delivery.
     * @description Scopes: `compliance:read`.
     */
    get: operations['getReportDelivery'];
    put?: never;
    post?: never;
    /**
     * Deletes a delivery with its address; nothing more is sent.
     * @description Scopes: `compliance:write`.
     */
    delete: operations['deleteReportDelivery'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/numbers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the numbers, the first one first, without their secrets.
     * @description Scopes: `numbers:read`.
     */
    get: operations['listNumbers'];
    put?: never;
    /**
     * Adds a number by its key at 360dialog.
     * @description The gateway asks 360dialog of which number the key is, keeps the key sealed, and shows what is to be registered as the webhook of the number, or registers it. After a refusal nothing is kept.
     *
     *     Scopes: `numbers:admin`.
     */
    post: operations['addNumber'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/numbers/{phone_number_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns one number without its secrets.
     * @description Scopes: `numbers:read`.
     */
    get: operations['getNumber'];
    put?: never;
    post?: never;
    /**
     * Removes a number: it takes no new calls from now on.
     * @description Once its live calls have ended and what waits is processed, the webhook that it had before is restored, and its key and token are destroyed. Its calls and reports stay until their retention ends.
     *
     *     Scopes: `numbers:admin`.
     */
    delete: operations['removeNumber'];
    options?: never;
    head?: never;
    /**
     * Changes, pauses or resumes a number.
     * @description A new key must be one of the same number: 360dialog is asked before it is used for anything else.
     *
     *     Scopes: `numbers:admin`.
     */
    patch: operations['changeNumber'];
    trace?: never;
  };
  '/api/numbers/{phone_number_id}/webhook': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Registers this gateway as the webhook of a number.
     * @description Another one is replaced only when `replaces` names it; the gateway keeps it, so that it can be restored.
     *
     *     Scopes: `numbers:admin`.
     */
    post: operations['registerNumberWebhook'];
    /**
     * Restores the webhook that the registration of this gateway has replaced.
     * @description Scopes: `numbers:admin`.
     */
    delete: operations['restoreNumberWebhook'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/numbers/{phone_number_id}/rotate-webhook-token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes a new token for the deliveries of a number, and registers it where this gateway is the webhook.
     * @description The token before stays valid until a delivery has carried the new one.
     *
     *     Scopes: `numbers:admin`.
     */
    post: operations['rotateWebhookToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/partner/channels': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the channels of the partner by their ids, with what the gateway has of them.
     * @description The list is read again when it is older than 15 minutes.
     *
     *     Scopes: `numbers:admin`.
     */
    get: operations['listChannels'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/partner/channels/{id}/adopt': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Adopts a channel: makes a key, which revokes every earlier key of the number, keeps it sealed, and adds the number.
     * @description After a crash the gateway keeps the number by itself when it has the key; an adoption that was cut off before is listed under `unfinished`.
     *
     *     Scopes: `numbers:admin`.
     */
    post: operations['adoptChannel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the keys, oldest first, without their secrets; a key with a list of numbers sees those whose list lies within its own.
     * @description Scopes: `keys:admin`.
     */
    get: operations['listApiKeys'];
    put?: never;
    /**
     * Makes a key and shows it once, and again under the same `Idempotency-Key` to the same credential.
     * @description Scopes: `keys:admin`.
     */
    post: operations['createApiKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Deletes a key; it is refused from the next request on.
     * @description Its event streams and browser sessions end, and the subscriptions that belong to it are paused with the reason `key_deleted`.
     *
     *     Scopes: `keys:admin`.
     */
    delete: operations['deleteApiKey'];
    options?: never;
    head?: never;
    /**
     * Changes which numbers a key reaches, its limits, or whether it is suspended; what is left out stays.
     * @description A number that is taken from it is out of its reach from the next request on, for its sessions and tokens too; its event streams end within a second, and requests with an `Idempotency-Key` of before are not answered from memory. A suspended key, its sessions and its tokens are refused with `key_suspended` from the next request on; its event streams end within a second, its live calls go on, and its subscriptions are paused with that reason: they stay so when it is put back into use, until a `PATCH` resumes each.
     *
     *     Scopes: `keys:admin`.
     */
    patch: operations['changeApiKey'];
    trace?: never;
  };
  '/api/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who changed keys, settings and subscriptions, polled, declared, erased or exported, and which keys were used; newest first, kept for `AUDIT_RETENTION_DAYS`.
     * @description A key with a list of numbers sees what is about these alone. `Accept: text/csv` or `?format=csv` exports every entry that matches, at most 100,000, and ignores `limit` and `cursor`: texts that a spreadsheet would take for a formula begin with an apostrophe. An export is an entry itself. Until 1.0 a key with `keys:admin` may read it, too.
     *
     *     Scopes: `audit:read`.
     */
    get: operations['listAuditEntries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes a short-lived token for a browser, so that no API key stands in a page: at most 15 minutes, with some of the key's scopes, refused from the moment the key is deleted.
     * @description A token or a cookie cannot make another.
     *
     *     Scopes: none; any key will do.
     */
    post: operations['createToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/users/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Erases a person, by phone number or BSUID: number, names, permissions, and what was received and published about them.
     * @description Calls, events and counts stay anonymous, so that reports do not change. Doing it twice changes nothing; an unknown person gives zeros. A key with a list of numbers erases in these alone, any other in every number. Refused while a call with the person waits or lives.
     *
     *     Scopes: `data:erase`.
     */
    delete: operations['eraseUser'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/users/{user}/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Everything that the gateway keeps about a person, by phone number or BSUID, as JSON; the audit log records who asked.
     * @description A key with a list of numbers gets what these keep, any other what every number keeps. An unknown person gives no number.
     *
     *     Scopes: `data:export`.
     */
    get: operations['exportUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Finds people by name, phone number, user name, BSUID, or the `reference` of a call with them, in the numbers that the key reaches, each with the last call.
     * @description Asking creates nobody.
     *
     *     Scopes: `calls:read`.
     */
    get: operations['findUsers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/forwarding/set-aside': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the deliveries that the target answered three times with 4xx (other than 408, 425 and 429), the oldest first.
     * @description They are set aside so that what follows goes on; the gateway keeps them for 8 days after the last refusal.
     *
     *     Scopes: `status:read`.
     */
    get: operations['listSetAside'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/forwarding/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Posts deliveries that are set aside once more, byte for byte, beside the queue.
     * @description What the target takes leaves the list; what it does not take stays set aside.
     *
     *     Scopes: `settings:write`.
     */
    post: operations['replayForwards'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Answers as long as the process lives.
     * @description Open without a key.
     */
    get: operations['getLiveness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * 200 while this process should be sent requests, 503 while it stops or its database does not answer.
     * @description Open without a key.
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface components {
  schemas: {
    Accept:
      | {
          /** @description The gateway's id (`call_…`) or the `wacid`. */
          id?: string | null;
          /** @description Meta's `wacid`, or the gateway's id. */
          call_id?: string | null;
          /** @description The business number of the call; only checked to be the gateway's. */
          phone_number_id?: string | null;
          /** @description Left out after a pre-accept: the gateway sends the same SDP again, as Meta requires. */
          session?: components['schemas']['SessionInput'] | null;
        }
      | {
          id: string;
        }
      | {
          call_id: string;
        };
    AccountRestricted: {
      /** @description The business number. */
      phone_number_id: string;
      /** @description The restrictions that the webhook names; none when Meta has lifted them. */
      restrictions: components['schemas']['EventRestriction'][];
    };
    /** @description Meta has restricted a number or an account, or lifted the restriction. */
    AccountRestrictedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'account.restricted';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['AccountRestricted'];
    };
    AddNumber: {
      /** @description The number's key at 360dialog. It is kept sealed and never shown. */
      api_key: string;
      /** @description What it is called here, at most 100 characters. */
      name?: string | null;
      /** @description Your own word for it, at most 256 characters. */
      reference?: string | null;
      /**
       * @description `show` says what to register at 360dialog; `register` registers it.
       * @enum {string|null}
       */
      webhook?: 'show' | 'register' | null;
      /** @description The address that the registration may replace, as it was shown. */
      replaces?: string | null;
      /** @description Where its deliveries are forwarded. */
      forward?: components['schemas']['GivenForward'] | null;
      /** @description What it has of its own. */
      settings?: components['schemas']['GivenSettings'] | null;
    };
    AddedNumber: {
      /** @description Where 360dialog delivers its webhooks, and what to register there. */
      webhook: components['schemas']['AddedWebhook'];
      /** @description The ids of keys, streams and subscriptions that keep the number that they had, since they were made before there was a second one. */
      pinned: string[];
      /** @description The ids of keys that were made before there was a second number and reach every one: they must give `phone_number_id` from now on. */
      exempt: string[];
      /** @description Meta's id of the number. */
      phone_number_id: string;
      /** @description The number as bare digits; null until 360dialog or a webhook says it. */
      display_phone_number: string | null;
      /** @description What it is called here. */
      name: string | null;
      /** @description The owner's own word for it. */
      reference: string | null;
      /** @description Meta's id of its account (WABA); null while unknown. */
      waba_id: string | null;
      /** @description Meta's id of the business portfolio; null while unknown. */
      portfolio_id: string | null;
      /**
       * @description `simulator` when the gateway runs against its simulator.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
      /**
       * @description `environment`: its key is D360_API_KEY; `api`: it was added here; `partner`: it was adopted from a partner's channels.
       * @enum {string}
       */
      source: 'environment' | 'api' | 'partner';
      /**
       * @description `paused`: no dials, no permission requests, no `call.incoming`. `removing`: its live calls end, then it is gone.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'removing';
      /** @description What the last poll found; null before the first. */
      last_check: components['schemas']['LastCheck'] | null;
      /**
       * Format: date-time
       * @description When 360dialog last named the number for its key.
       */
      key_accepted_at: string | null;
      /**
       * Format: date-time
       * @description When 360dialog refused its key; null since it was accepted again.
       */
      key_rejected_at: string | null;
      /** @description Where its deliveries are forwarded; null without forwarding. */
      forward: components['schemas']['Forward'] | null;
      /** @description What it has of its own. */
      settings: components['schemas']['NumberSettings'];
      /**
       * Format: date-time
       * @description Since when this gateway has it.
       */
      created_at: string;
      /** @description Null unless it is being removed. */
      removal: components['schemas']['Removal'] | null;
    };
    AddedWebhook: {
      /** @description What to register at 360dialog; null when the gateway has registered it. */
      register: components['schemas']['WebhookToRegister'] | null;
      /** @description Why the gateway could not register it, a code of the error catalogue: POST …/webhook tries again. Null when it could, or was not to. */
      problem: string | null;
      /** @description The address that 360dialog had registered when it was last asked, the values of its query redacted; null when unknown or none. */
      url: string | null;
      /** @description Whether that is this gateway; null when unknown. */
      matches: boolean | null;
      /**
       * Format: date-time
       * @description When the last delivery of this number came.
       */
      last_delivery_at: string | null;
    };
    AddressedUser: {
      /** @description The phone number as bare digits; null for a user with a hidden number. */
      wa_id: string | null;
      /** @description The user as the request names them. */
      input: string;
      /** @description Business-scoped user id (BSUID). */
      user_id: string | null;
      /** @description The BSUID of the parent business account. */
      parent_user_id: string | null;
      /** @description The WhatsApp user name. */
      username: string | null;
      /** @description The name in the user's profile. */
      name: string | null;
    };
    AdoptChannel: {
      /** @description Your word that every earlier key of the channel may be revoked: what uses one of them stops working. Without it the answer is 409 `would_revoke_keys`. */
      revoke_existing_keys?: boolean;
      /**
       * @description `show` says what to register at 360dialog; `register` registers it.
       * @enum {string|null}
       */
      webhook?: 'show' | 'register' | null;
      /** @description The address that the registration may replace, as it was shown. */
      replaces?: string | null;
    };
    Adoption: {
      /** @description The channel, by its id at 360dialog. */
      channel_id: string;
      /**
       * @description `in_progress`: a request is at it. `key_kept`: a key was made and is kept; the gateway tries again each minute to keep the number, and so does an adoption, which makes no other key. `key_unknown`: it is unknown whether a key was made; only an adoption with `revoke_existing_keys` ends that.
       * @enum {string}
       */
      state: 'in_progress' | 'key_kept' | 'key_unknown';
      /**
       * Format: date-time
       * @description When it was asked for (RFC 3339).
       */
      begun_at: string;
      /** @description Why the latest attempt did not keep the number, a code of the error catalogue; null when none has failed. */
      fault: string | null;
    };
    ApiKey: {
      /** @description `key_…` */
      id: string;
      /** @description What the key is for. */
      name: string;
      /** @description What the key may do. */
      scopes: (
        | 'calls:dial'
        | 'calls:control'
        | 'calls:read'
        | 'permissions:read'
        | 'permissions:ask'
        | 'status:read'
        | 'compliance:read'
        | 'compliance:write'
        | 'settings:read'
        | 'settings:write'
        | 'events:read'
        | 'subscriptions:write'
        | 'keys:admin'
        | 'data:erase'
        | 'data:export'
        | 'numbers:read'
        | 'numbers:admin'
        | 'audit:read'
      )[];
      /** @description The ids of the numbers that the key reaches; `null` for all, later ones too. */
      numbers: string[] | null;
      /** @description What the key may do in a day; `null` without limits. */
      limits: components['schemas']['KeyLimits'] | null;
      /** @description Whether the key is refused until its suspension is undone. */
      suspended: boolean;
      /**
       * @description `environment`: set by API_KEY; `first`: made at the first start; `api`: made through the API.
       * @enum {string}
       */
      source: 'environment' | 'first' | 'api';
      /**
       * Format: date-time
       * @description RFC 3339.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description To the minute; `null` when the key was never used.
       */
      last_used_at: string | null;
    };
    ApiKeyList: {
      /** @description Oldest first. */
      data: components['schemas']['ApiKey'][];
      /** @description `null` on the last page. */
      next_cursor: string | null;
    };
    AuditEntry: {
      /** @description Rises with time; not consecutive. */
      id: number;
      /**
       * Format: date-time
       * @description When the request arrived.
       */
      at: string;
      /** @description The method and the route with the names of its parameters, such as `DELETE /api/users/:user`, or `key.used`: the first use of a day. */
      action: string;
      /** @description The id of the API key. */
      key_id: string;
      /** @description The session or browser token that the request used; null when it used the key itself. */
      operator_id: string | null;
      /** @description The gateway's own id of the object that the request changed; never a phone number or a BSUID, so an erased user is not named. */
      target: string | null;
      /** @description The HTTP status of the answer; null when there was none, and for `key.used`. */
      status: number | null;
      /** @description The ids of the numbers that it is about; null for all. */
      numbers: string[] | null;
      /** @description `X-Request-Id` of the answer. */
      request_id: string | null;
    };
    AuditPage: {
      /** @description Newest first. */
      data: components['schemas']['AuditEntry'][];
      /** @description `null` on the last page. */
      next_cursor: string | null;
    };
    Bundle: {
      /**
       * Format: date-time
       * @description When the bundle was made.
       */
      made_at: string;
      /** @description The gateway that made it. */
      gateway: components['schemas']['BundleGateway'];
      /** @description Meta's id of the call (`wacid.…`), which support asks for first. */
      call_id: string | null;
      /** @description Meta's trace ids of every refusal of this call. */
      fbtrace_ids: string[];
      /** @description The call, without its session. */
      call: components['schemas']['Call'];
      /** @description Everything that happened to it. */
      timeline: components['schemas']['TimelineEntry'][];
      /** @description The calling settings of the number. */
      settings: components['schemas']['BundleSettings'];
      /** @description Whether numbers show only their last four digits, and names nothing. */
      redacted: boolean;
    };
    BundleGateway: {
      /** @description The product's name. */
      name: string;
      /** @description The product's version. */
      version: string;
      /** @description The version of Node.js. */
      node: string;
      /**
       * @description `simulator`: a simulated 360dialog answers.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
    };
    BundleSettings: {
      /**
       * Format: date-time
       * @description When 360dialog last reported the settings; null when it never did.
       */
      observed_at: string | null;
      /** @description The age of that reading. */
      age_seconds: number | null;
      /** @description Meta's `calling` object, for keys with `settings:read`. */
      calling: components['schemas']['MetaCalling'] | null;
    };
    BusinessAgent: {
      /** @description How many users' threads the agent holds, as far as webhooks have shown. GET /api/calling/permissions/{user} says who holds the thread with one user. */
      threads_held: number;
      /**
       * Format: date-time
       * @description Since when it holds the latest of them (RFC 3339).
       */
      last_held_at: string | null;
    };
    Call: {
      /** @description The gateway's own id. */
      id: string;
      /** @description Meta's id (`wacid.…`); null until 360dialog has returned it. */
      call_id: string | null;
      /**
       * @description `inbound` from the user, `outbound` from the business.
       * @enum {string}
       */
      direction: 'inbound' | 'outbound';
      /**
       * @description The state, derived from every fact of the call. `ended` is final.
       * @enum {string}
       */
      state: 'awaiting_permission' | 'ready' | 'dialing' | 'ringing' | 'accepting' | 'in_progress' | 'ended';
      /**
       * @description How an ended call ended; null while it lives.
       * @enum {string|null}
       */
      outcome:
        | 'answered'
        | 'rejected'
        | 'missed'
        | 'no_answer'
        | 'canceled'
        | 'permission_denied'
        | 'expired'
        | 'failed'
        | 'unknown'
        | null;
      /** @description False while it is unknown whether 360dialog has taken the dial or the accept. */
      outcome_known: boolean;
      /**
       * @description `wire` when Meta reported the outcome, `inferred` when the gateway derived it.
       * @enum {string|null}
       */
      outcome_source: 'wire' | 'inferred' | null;
      /** @description The other side; each member is null until a webhook has named the user. */
      user: components['schemas']['CallUser'];
      /** @description The business number. */
      phone_number_id: string;
      /** @description The client's own reference of the call, never sent to Meta. */
      reference: string | null;
      /** @description The other side's SDP while it is of use, for keys with `calls:control`. */
      session: components['schemas']['SessionDescription'] | null;
      /** @description The name of the key or operator that has taken an inbound call; it stays once the call has ended. */
      claimed_by: string | null;
      /** @description The payload of the call button that the user tapped. */
      cta_payload: string | null;
      /** @description The payload of the `wa.me/call` link that the user followed. */
      deeplink_payload: string | null;
      /** @description The permission request of this call; null when none was sent. */
      permission_request: components['schemas']['CallPermissionRequest'] | null;
      /**
       * Format: date-time
       * @description When the client made the call; of a call that a webhook reported first: when it began at Meta.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When 360dialog took the permission request.
       */
      permission_requested_at: string | null;
      /**
       * Format: date-time
       * @description When the dial was committed, before it was sent.
       */
      dialed_at: string | null;
      /**
       * Format: date-time
       * @description When 360dialog confirmed the pre-accept.
       */
      pre_accepted_at: string | null;
      /**
       * Format: date-time
       * @description When it began to ring.
       */
      ringing_at: string | null;
      /**
       * Format: date-time
       * @description Outbound: when the user accepted. Inbound: when 360dialog confirmed the accept.
       */
      answered_at: string | null;
      /**
       * Format: date-time
       * @description When it ended.
       */
      ended_at: string | null;
      /** @description Whole seconds of talk, as Meta counts them. */
      duration_seconds: number | null;
      /**
       * Format: date-time
       * @description The deadline of the present state; null once ended.
       */
      expires_at: string | null;
      /** @description Why the call failed; null otherwise. */
      error: components['schemas']['CallError'] | null;
      /** @description Rises with every event of this call. */
      sequence: number;
      /** @description Addresses of the call. */
      links: components['schemas']['CallLinks'];
    };
    /** @description Both sides are connected. */
    CallAnsweredEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'call.answered';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /**
       * @description Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.
       * @constant
       */
      past?: true;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['Call'];
    };
    /** @description An inbound call was claimed or its claim was given up. */
    CallClaimedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'call.claimed';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /**
       * @description Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.
       * @constant
       */
      past?: true;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['Call'];
    };
    /** @description The other side’s SDP is there; perishable. */
    CallConnectedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'call.connected';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /**
       * @description Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.
       * @constant
       */
      past?: true;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      /**
       * Format: date-time
       * @description After this the event is of no more use.
       */
      expires_at?: string;
      data: components['schemas']['Call'];
    };
    CallDay: {
      /**
       * Format: date
       * @description A calendar day, `YYYY-MM-DD`.
       */
      date: string;
      /** @description Outbound calls. */
      outbound: number;
      /** @description Outbound calls that were answered. */
      outbound_answered: number;
      /** @description Inbound calls. */
      inbound: number;
      /** @description Inbound calls that were answered. */
      inbound_answered: number;
    };
    /** @description A call is over. */
    CallEndedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'call.ended';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /**
       * @description Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.
       * @constant
       */
      past?: true;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['Call'];
    };
    CallError: {
      /** @description An error code of the catalogue, see `GET /api/calling/errors/{code}`. */
      code: string;
      /** @description The answer of 360dialog or Meta, unchanged; null when there was none. */
      upstream: {
        /** @description The HTTP status of their answer. */
        status: number;
        /** @description Meta's error code, when the answer had one. */
        code: number | null;
        message: string | null;
        details: string | null;
        fbtrace_id: string | null;
      } | null;
    };
    CallId:
      | {
          /** @description The gateway's id (`call_…`) or the `wacid`. */
          id?: string | null;
          /** @description Meta's `wacid`, or the gateway's id. */
          call_id?: string | null;
          /** @description The business number of the call; only checked to be the gateway's. */
          phone_number_id?: string | null;
        }
      | {
          id: string;
        }
      | {
          call_id: string;
        };
    /** @description A user calls; perishable, ring only before `expires_at`. */
    CallIncomingEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'call.incoming';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /**
       * @description Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.
       * @constant
       */
      past?: true;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      /**
       * Format: date-time
       * @description After this the event is of no more use.
       */
      expires_at?: string;
      data: components['schemas']['Call'];
    };
    CallLinks: {
      /**
       * Format: uri
       * @description This call over REST.
       */
      self: string;
      /**
       * Format: uri
       * @description Its timeline over REST.
       */
      timeline: string;
      /**
       * Format: uri
       * @description The softphone of the console, opened on this call.
       */
      softphone: string;
    };
    CallMetrics: {
      /** @description Outbound calls. */
      outbound: components['schemas']['OutboundMetrics'];
      /** @description Inbound calls. */
      inbound: components['schemas']['InboundMetrics'];
    };
    CallPage: {
      /** @description The calls. */
      data: components['schemas']['Call'][];
      /** @description Give it as `cursor` for the next page; null on the last one. */
      next_cursor: string | null;
    };
    CallPermissionRequest: {
      /** @description `wamid.…`; null while it is unknown whether the request was sent. */
      message_id: string | null;
      /**
       * @description How far the request has come; `unknown` after no response of 360dialog.
       * @enum {string}
       */
      status: 'unknown' | 'sent' | 'delivered' | 'read' | 'failed';
      /** @description Why the request was not delivered; null otherwise. */
      error: components['schemas']['CallError'] | null;
    };
    /** @description A waiting call may be dialled now, until `expires_at`. */
    CallReadyEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'call.ready';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /**
       * @description Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.
       * @constant
       */
      past?: true;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      /**
       * Format: date-time
       * @description After this the event is of no more use.
       */
      expires_at?: string;
      data: components['schemas']['Call'];
    };
    CallSession:
      | {
          /** @description The gateway's id (`call_…`) or the `wacid`. */
          id?: string | null;
          /** @description Meta's `wacid`, or the gateway's id. */
          call_id?: string | null;
          /** @description The business number of the call; only checked to be the gateway's. */
          phone_number_id?: string | null;
          /** @description Your SDP: an offer for `connect`, an answer for `pre-accept`. */
          session: components['schemas']['SessionInput'];
        }
      | {
          id: string;
        }
      | {
          call_id: string;
        };
    CallUpdated: {
      /** @description The gateway's own id. */
      id: string;
      /** @description Meta's id (`wacid.…`); null until 360dialog has returned it. */
      call_id: string | null;
      /**
       * @description `inbound` from the user, `outbound` from the business.
       * @enum {string}
       */
      direction: 'inbound' | 'outbound';
      /**
       * @description The state, derived from every fact of the call. `ended` is final.
       * @enum {string}
       */
      state: 'awaiting_permission' | 'ready' | 'dialing' | 'ringing' | 'accepting' | 'in_progress' | 'ended';
      /**
       * @description How an ended call ended; null while it lives.
       * @enum {string|null}
       */
      outcome:
        | 'answered'
        | 'rejected'
        | 'missed'
        | 'no_answer'
        | 'canceled'
        | 'permission_denied'
        | 'expired'
        | 'failed'
        | 'unknown'
        | null;
      /** @description False while it is unknown whether 360dialog has taken the dial or the accept. */
      outcome_known: boolean;
      /**
       * @description `wire` when Meta reported the outcome, `inferred` when the gateway derived it.
       * @enum {string|null}
       */
      outcome_source: 'wire' | 'inferred' | null;
      /** @description The other side; each member is null until a webhook has named the user. */
      user: components['schemas']['CallUser'];
      /** @description The business number. */
      phone_number_id: string;
      /** @description The client's own reference of the call, never sent to Meta. */
      reference: string | null;
      /** @description The other side's SDP while it is of use, for keys with `calls:control`. */
      session: components['schemas']['SessionDescription'] | null;
      /** @description The name of the key or operator that has taken an inbound call; it stays once the call has ended. */
      claimed_by: string | null;
      /** @description The payload of the call button that the user tapped. */
      cta_payload: string | null;
      /** @description The payload of the `wa.me/call` link that the user followed. */
      deeplink_payload: string | null;
      /** @description The permission request of this call; null when none was sent. */
      permission_request: components['schemas']['CallPermissionRequest'] | null;
      /**
       * Format: date-time
       * @description When the client made the call; of a call that a webhook reported first: when it began at Meta.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description When 360dialog took the permission request.
       */
      permission_requested_at: string | null;
      /**
       * Format: date-time
       * @description When the dial was committed, before it was sent.
       */
      dialed_at: string | null;
      /**
       * Format: date-time
       * @description When 360dialog confirmed the pre-accept.
       */
      pre_accepted_at: string | null;
      /**
       * Format: date-time
       * @description When it began to ring.
       */
      ringing_at: string | null;
      /**
       * Format: date-time
       * @description Outbound: when the user accepted. Inbound: when 360dialog confirmed the accept.
       */
      answered_at: string | null;
      /**
       * Format: date-time
       * @description When it ended.
       */
      ended_at: string | null;
      /** @description Whole seconds of talk, as Meta counts them. */
      duration_seconds: number | null;
      /**
       * Format: date-time
       * @description The deadline of the present state; null once ended.
       */
      expires_at: string | null;
      /** @description Why the call failed; null otherwise. */
      error: components['schemas']['CallError'] | null;
      /** @description Rises with every event of this call. */
      sequence: number;
      /** @description Addresses of the call. */
      links: components['schemas']['CallLinks'];
      /** @description The members of the call that changed. */
      changed: string[];
    };
    /** @description Something else about a call changed; `changed` names the members. */
    CallUpdatedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'call.updated';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /**
       * @description Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.
       * @constant
       */
      past?: true;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['CallUpdated'];
    };
    CallUser: {
      /** @description The phone number as bare digits; null for a user with a hidden number. */
      wa_id: string | null;
      /** @description Business-scoped user id (BSUID). */
      user_id: string | null;
      /** @description The BSUID of the parent business account. */
      parent_user_id: string | null;
      /** @description The WhatsApp user name. */
      username: string | null;
      /** @description The name in the user's profile. */
      name: string | null;
      /** @description The user as the client wrote it; null for an inbound call. */
      input: string | null;
    };
    CallingSettings: {
      /** @description Meta's own `calling` object, without SIP passwords. */
      calling: components['schemas']['MetaCalling'];
      /** @description The business number. */
      phone_number_id: string;
      /**
       * Format: date-time
       * @description When 360dialog reported them; null when a change was taken but could not be read again.
       */
      observed_at: string | null;
    };
    ChangeApiKey: {
      /** @description The ids of the numbers that the key reaches from now on; `null` for all, later ones too. */
      numbers?: string[] | null;
      /** @description What the key may do in a day from now on, in place of all its limits; `null`: as much as it likes. */
      limits?: components['schemas']['KeyLimitsInput'] | null;
      /** @description `true`: the key is refused from the next request on. `false`: it is in use again. */
      suspended?: boolean | null;
    };
    ChangeNumber: {
      /** @description What it is called here; null for nothing. */
      name?: string | null;
      /** @description Your own word for it; null for none. */
      reference?: string | null;
      /**
       * @description `paused` stops dials, permission requests and `call.incoming`; webhooks and live calls go on.
       * @enum {string|null}
       */
      state?: 'active' | 'paused' | null;
      /** @description A new key of the same number; 360dialog is asked first. */
      api_key?: string | null;
      /** @description Where its deliveries are forwarded; null to stop it. */
      forward?: components['schemas']['GivenForward'] | null;
      /** @description What it has of its own. */
      settings?: components['schemas']['GivenSettings'] | null;
    };
    ChangeSubscription: {
      /**
       * Format: uri
       * @description Where events are posted, under the rules of the creation; with `EVENTS_CHALLENGE`, and in the format `meta`, the new URL must give a challenge back.
       */
      url?: string | null;
      /** @description For `standard`. Only events of these types; `null` for all. */
      types?:
        | (
            | 'call.incoming'
            | 'call.claimed'
            | 'call.ready'
            | 'call.connected'
            | 'call.answered'
            | 'call.updated'
            | 'call.ended'
            | 'permission.updated'
            | 'settings.updated'
            | 'compliance.snapshot'
            | 'compliance.report'
            | 'compliance.eligibility_changed'
            | 'account.restricted'
            | 'webhook.silent'
            | 'number.added'
            | 'number.changed'
            | 'number.removed'
            | 'number.key_rejected'
            | 'subscription.disabled'
            | 'subscription.gap'
          )[]
        | null;
      /** @description A note for people, at most 200 characters; `null` for none. */
      description?: string | null;
      /** @description `true` pauses deliveries; `false` resumes them where they stopped, also after the gateway disabled the subscription. */
      paused?: boolean | null;
      /** @description For `meta`: another token, with which the endpoint must answer the handshake. */
      verify_token?: string | null;
      /** @description For `meta`: elements of these fields, under the rules of the creation. */
      fields?: ('calls' | 'messages' | 'account_settings_update')[] | null;
    };
    ChangedSettings: {
      /** @description Meta's own `calling` object, without SIP passwords. */
      calling: components['schemas']['MetaCalling'];
      /** @description The business number. */
      phone_number_id: string;
      /**
       * Format: date-time
       * @description When 360dialog reported them; null when a change was taken but could not be read again.
       */
      observed_at: string | null;
      /** @description What the change does, and what it does not, in the language of `Accept-Language`. */
      effects: string[];
    };
    ComparedReport: {
      /** @description The day beside the one before, for people. */
      comparison: components['schemas']['NumberPeriod'];
      /** @description The gateway’s own id. */
      id: string;
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /**
       * @description `live`, or `simulator` for the built-in 360dialog.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
      /** @description The day of the report. */
      period: components['schemas']['ReportPeriod'];
      /** @description 1 at first; late data makes the next one. */
      revision: number;
      /**
       * Format: date-time
       * @description When the revision was written (RFC 3339).
       */
      created_at: string;
      /** @description Business-initiated conversations to reach. */
      required_conversations: number;
      /** @description The length of the window in days. */
      window_days: number;
      /** @description What happened in the period. */
      figures: components['schemas']['PeriodMetrics'];
      /** @description What this revision restates of the one before. */
      changes: components['schemas']['Restatement'][];
      /** @description The status when the report was written. */
      standing: components['schemas']['ReportStatus'];
      /** @description Daily counts of the primary source, in the zone of its days. */
      series: components['schemas']['RollingDay'][];
      /** @description Calls by direction and outcome. */
      calls: components['schemas']['CallDay'][];
      /** @description The messaging limit as polls found it, oldest first. */
      tiers: components['schemas']['Tier'][];
    };
    /** @description A number may now call, or no longer may. */
    ComplianceEligibilityChangedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'compliance.eligibility_changed';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['EligibilityChanged'];
    };
    /** @description A scheduled report was written. */
    ComplianceReportEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'compliance.report';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['ReportSummary'];
    };
    /** @description The figures of a number were polled. */
    ComplianceSnapshotEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'compliance.snapshot';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['SnapshotEvent'];
    };
    ConversationRequirements: {
      /** @description What the owner wants to reach. */
      requirement: components['schemas']['Requirement'];
      /** @description The rules of Meta and 360dialog that the gateway applies, with their sources. */
      rules: components['schemas']['UpstreamRule'][];
      /** @description Business-initiated conversations within the window; `null` is unknown. */
      business_initiated_conversations: number | null;
      /** @description All conversations within the window; `null` is unknown. */
      total_conversations: number | null;
      /** @description Conversations still missing; `null` is unknown. */
      remaining: number | null;
      /**
       * Format: double
       * @description 0 to 1.
       */
      progress: number | null;
      /** @description `null` while unknown: also when a window known in part falls short. */
      meets_1k_requirement: boolean | null;
      /** @description When the goal will be reached. */
      projection: components['schemas']['Projection'];
      /** @description What Meta checks when calling is enabled; another fact than the count. */
      messaging_limit: components['schemas']['MessagingLimit'];
      /** @description The two ways to a higher messaging limit. */
      paths_to_limit: components['schemas']['PathToLimit'][];
      /** @description One entry for each covered day, oldest first. */
      series: components['schemas']['SeriesDay'][];
      /** @description The count of every source. */
      readings: components['schemas']['CountReading'][];
      /** @description The primary source; `null` without one. */
      source: string | null;
      /**
       * @description What the primary source covers.
       * @enum {string|null}
       */
      scope: 'number' | 'portfolio' | 'client' | null;
      /** @description The zone of its days; the partner API counts in UTC. */
      time_zone: string | null;
      /** @description The days that the source covers. */
      coverage: components['schemas']['Coverage'];
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string | null;
      /** @description Why the count or the verdict is unknown. */
      reason: string | null;
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
    };
    CountReading: {
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source: string;
      /** @description What is counted: `conversation`, `message` or `unique_user`; never mixed. */
      unit: string;
      /**
       * @description What it covers: this number, the client at 360dialog with all its numbers, or Meta's business portfolio.
       * @enum {string}
       */
      scope: 'number' | 'portfolio' | 'client';
      /** @description Business-initiated, within what the source covers of the window; `null` while unknown. */
      value: number | null;
      /** @description All of them. */
      total: number | null;
      /** @description The zone of the source's days. */
      time_zone: string;
      /** @description The days that the source covers. */
      coverage: components['schemas']['Coverage'];
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string;
      /** @description Why the value is unknown or does not decide, such as `no_days` or `contradicted_by_webhooks`. */
      reason: string | null;
    };
    Coverage: {
      /**
       * Format: date
       * @description The first day that the source covers.
       */
      from: string | null;
      /**
       * Format: date
       * @description The day after the last.
       */
      to: string | null;
      /** @description Whether that is the whole window. */
      complete: boolean;
    };
    CreateApiKey: {
      /** @description What the key is for, such as the name of the consumer. */
      name: string;
      /** @description What the key may do; no more than the key that makes it. */
      scopes: (
        | 'calls:dial'
        | 'calls:control'
        | 'calls:read'
        | 'permissions:read'
        | 'permissions:ask'
        | 'status:read'
        | 'compliance:read'
        | 'compliance:write'
        | 'settings:read'
        | 'settings:write'
        | 'events:read'
        | 'subscriptions:write'
        | 'keys:admin'
        | 'data:erase'
        | 'data:export'
        | 'numbers:read'
        | 'numbers:admin'
        | 'audit:read'
      )[];
      /** @description The ids of the numbers that the key reaches; `null` for all, later ones too. With more than one number it must be given. A key with a list makes keys within its own list only. */
      numbers?: string[] | null;
      /** @description What the key may do in a day; left out or `null`: as much as it likes. A key that has limits itself makes no key that dials or asks. */
      limits?: components['schemas']['KeyLimitsInput'] | null;
    };
    CreateReportDelivery: {
      /**
       * Format: uri
       * @description `mailto:` with one mail address, or an `https:` URL that gets a signed POST, under the rules for URLs of subscriptions.
       */
      to: string;
      /**
       * @description After the end of each day, week (from Monday) or month of `time_zone`.
       * @enum {string}
       */
      every: 'day' | 'week' | 'month';
      /**
       * @description The language of the reports; that of `Accept-Language` when left out.
       * @enum {string|null}
       */
      language?: 'en' | 'es' | null;
      /** @description The IANA time zone of the reader, such as `America/Mexico_City`; that of the number, else `COMPLIANCE_TIME_ZONE`, when left out. */
      time_zone?: string | null;
      /** @description Only reports of this number, by its id; of all numbers of the key when left out. */
      phone_number_id?: string | null;
    };
    CreateSubscription: {
      /**
       * Format: uri
       * @description Where events are posted: `https:`, a public host, port 443 or from 1024 on.
       */
      url: string;
      /**
       * @description How events are posted. `standard`: events of the gateway, signed after Standard Webhooks. `meta` (with `GRAPH_API`): elements of webhooks as Meta posts them, one in each post, signed by `X-Hub-Signature-256`, for software that is written for Meta.
       * @enum {string|null}
       */
      format?: 'standard' | 'meta' | null;
      /** @description For `standard`. Only events of these types; all when left out. The key needs the scope that reads the same over REST, for each type. */
      types?:
        | (
            | 'call.incoming'
            | 'call.claimed'
            | 'call.ready'
            | 'call.connected'
            | 'call.answered'
            | 'call.updated'
            | 'call.ended'
            | 'permission.updated'
            | 'settings.updated'
            | 'compliance.snapshot'
            | 'compliance.report'
            | 'compliance.eligibility_changed'
            | 'account.restricted'
            | 'webhook.silent'
            | 'number.added'
            | 'number.changed'
            | 'number.removed'
            | 'number.key_rejected'
            | 'subscription.disabled'
            | 'subscription.gap'
          )[]
        | null;
      /** @description For `standard`. What deliveries may show: scopes of the key itself; `calls:control` adds the `session` of calls. None when left out. */
      scopes?:
        | (
            | 'calls:dial'
            | 'calls:control'
            | 'calls:read'
            | 'permissions:read'
            | 'permissions:ask'
            | 'status:read'
            | 'compliance:read'
            | 'compliance:write'
            | 'settings:read'
            | 'settings:write'
            | 'events:read'
            | 'subscriptions:write'
            | 'keys:admin'
            | 'data:erase'
            | 'data:export'
            | 'numbers:read'
            | 'numbers:admin'
            | 'audit:read'
          )[]
        | null;
      /** @description A note for people, at most 200 characters. */
      description?: string | null;
      /** @description Only events of this number, by its id; all numbers when left out. */
      phone_number_id?: string | null;
      /** @description For `meta`, which needs it: the endpoint must know it to answer the handshake, a GET with `hub.mode`, `hub.verify_token` and `hub.challenge`. */
      verify_token?: string | null;
      /** @description For `meta`: the app secret that signs, 16 to 256 characters of ASCII; made when left out. */
      secret?: string | null;
      /** @description For `meta`: `calls` needs `calls:read` and `calls:control`, since it carries SDP; `messages`, of which only replies to permission requests are sent, `permissions:read`; `account_settings_update` `settings:read`. Those that the key may have when left out. */
      fields?: ('calls' | 'messages' | 'account_settings_update')[] | null;
    };
    CreateToken: {
      /** @description What the token may do; no more than the key, and never `keys:admin` or `data:erase`. */
      scopes: (
        | 'calls:dial'
        | 'calls:control'
        | 'calls:read'
        | 'permissions:read'
        | 'permissions:ask'
        | 'status:read'
        | 'compliance:read'
        | 'compliance:write'
        | 'settings:read'
        | 'settings:write'
        | 'events:read'
        | 'subscriptions:write'
        | 'numbers:read'
        | 'numbers:admin'
        | 'audit:read'
      )[];
      /** @description Seconds until it ends, 1 to 900; 900 when left out. */
      ttl_seconds?: number | null;
    };
    Declaration: {
      /** @description The declared value. */
      value: string;
      /** @description Always `owner`. */
      source: string;
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string;
      /**
       * Format: date-time
       * @description After this it is shown, but no longer valid.
       */
      stale_at: string;
    };
    Declarations: {
      /** @description The messaging limit of the portfolio; `null` is unknown. */
      messaging_limit: components['schemas']['Declaration'] | null;
      /** @description The declared state of the verification; `null` without a declaration. */
      business_verification: components['schemas']['Declaration'] | null;
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
    };
    Declare: {
      /**
       * @description The messaging limit of the portfolio.
       * @enum {string|null}
       */
      messaging_limit?: 'TIER_250' | 'TIER_2K' | 'TIER_10K' | 'TIER_100K' | 'TIER_UNLIMITED' | null;
      /**
       * @description How far Meta's verification of the business has come.
       * @enum {string|null}
       */
      business_verification?: 'verified' | 'in_review' | 'rejected' | 'not_started' | null;
    };
    DeletedApiKey: {
      /** @description `key_…` */
      id: string;
      /** @description How many subscriptions delivered for this key and are paused now. */
      subscriptions_paused: number;
    };
    DeliveryFailure: {
      /** @description The first day of the period, or `confirm` for the message that asks. */
      period: string;
      /**
       * @description What failed.
       * @enum {string}
       */
      reason:
        | 'secret_unreadable'
        | 'mail_not_configured'
        | 'no_report'
        | 'mail_server_unreachable'
        | 'mail_server_refuses_gateway'
        | 'mail_server_busy'
        | 'address_refused'
        | 'message_refused'
        | 'endpoint_unreachable'
        | 'endpoint_refused'
        | 'endpoint_failing';
      /** @description The status of the mail server or the endpoint; `null` without an answer. */
      status: number | null;
      /** @description How many attempts failed. */
      attempts: number;
      /**
       * Format: date-time
       * @description When the next attempt is made; `null` when the gateway has given this period up.
       */
      next_attempt_at: string | null;
      /** @description What happened, in the language of `Accept-Language`. */
      detail: string;
      /** @description What to do about it. */
      remedy: string;
    };
    Direction: {
      /**
       * @description `available` is proven, `blocked` has a failing gate, everything between is `unknown`.
       * @enum {string}
       */
      verdict: 'available' | 'blocked' | 'unknown';
      /** @description Every gate, in the order in which a failing one answers. */
      gates: components['schemas']['Gate'][];
    };
    Eligibility: {
      /** @description Inbound calls. */
      inbound: components['schemas']['Direction'];
      /** @description Outbound calls. */
      outbound: components['schemas']['Direction'];
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /**
       * Format: date-time
       * @description When the answer was made (RFC 3339).
       */
      checked_at: string;
    };
    EligibilityChanged: {
      /** @description Inbound calls. */
      inbound: components['schemas']['EventVerdict'];
      /** @description Outbound calls. */
      outbound: components['schemas']['EventVerdict'];
      /** @description The business number. */
      phone_number_id: string;
      /** @description The directions whose verdict changed. */
      changed: ('inbound' | 'outbound')[];
      /** @description The assessment of the poll before. */
      previous: components['schemas']['EventVerdicts'];
    };
    Erased: {
      /** @description Rows of the person. */
      people: number;
      /** @description Phone numbers and BSUIDs under which the person was known. */
      addresses: number;
      /** @description Words under which the person was searched for. */
      person_words: number;
      /** @description 24 h windows. */
      windows: number;
      /** @description Grants, requests and calls that decide on the permission. */
      permission_facts: number;
      /** @description Permission readings of 360dialog. */
      permission_readings: number;
      /** @description Calls that became anonymous. */
      calls: number;
      /** @description Entries of the timelines of these calls. */
      timeline_entries: number;
      /** @description Digests by which conversations are deduplicated. */
      conversation_digests: number;
      /** @description Webhook deliveries that were redacted. */
      deliveries: number;
      /** @description Events that were redacted. */
      events: number;
      /** @description Stored answers to repeated requests that were redacted. */
      answers: number;
    };
    Erasure: {
      /** @description The same counts again and again are zeros: an erased person is unknown. */
      erased: components['schemas']['Erased'];
      /** @description The ids of the numbers in which the person was erased: those of the key, or every one. */
      phone_number_ids: string[];
      /**
       * @description `done`: the database file holds nothing of the person any more; `next_start`: after the next start; `unsupported`: see `remains`.
       * @enum {string}
       */
      file: 'done' | 'next_start' | 'unsupported';
      /** @description Where data about the person may still be. */
      remains: components['schemas']['Remainder'][];
    };
    ErrorEntry: {
      /** @description The stable error code. */
      code: string;
      /** @description The HTTP status with which the gateway answers it. */
      status: number;
      /**
       * @description What the refusal is about; it decides the status.
       * @enum {string}
       */
      kind: 'access' | 'input' | 'not_found' | 'number' | 'person' | 'call' | 'rate' | 'unavailable' | 'upstream' | 'media';
      /** @description Whether the same request can succeed later without any change. */
      retryable: boolean;
      /**
       * @description When Meta or 360dialog say this to a dial: can the phone have rung all the same?
       * @enum {string}
       */
      rang: 'no' | 'maybe';
      /** @description Meta's numbers that mean this. */
      upstream_codes: number[];
      /** @description Where the facts come from. */
      source: string;
      /** @description The texts in every language of the catalogue. */
      languages: components['schemas']['ErrorLanguages'];
      /** @description A short sentence, the same for every occurrence. */
      title: string;
      /** @description What happened and why. */
      detail: string;
      /** @description What to do now. */
      remedy: string;
    };
    ErrorLanguages: {
      /** @description English. */
      en: components['schemas']['ErrorText'];
      /** @description Spanish. */
      es: components['schemas']['ErrorText'];
    };
    ErrorList: {
      /** @description Sorted by code. */
      data: components['schemas']['ErrorEntry'][];
      /** @description `null` on the last page. */
      next_cursor: string | null;
    };
    ErrorParts: {
      /** @description The HTTP status, when it was pasted too. */
      status: number | null;
      /** @description Meta's error code. */
      code: number | null;
      /** @description Meta's message or title. */
      message: string | null;
      /** @description Meta's `error_data.details`. */
      details: string | null;
      /** @description Meta's trace id, for its support. */
      fbtrace_id: string | null;
    };
    ErrorText: {
      /** @description A short sentence, the same for every occurrence. */
      title: string;
      /** @description What happened and why. */
      detail: string;
      /** @description What to do now. */
      remedy: string;
    };
    /** @description An event; `type` says which. Data of call events is the whole call. */
    Event:
      | components['schemas']['CallIncomingEvent']
      | components['schemas']['CallClaimedEvent']
      | components['schemas']['CallReadyEvent']
      | components['schemas']['CallConnectedEvent']
      | components['schemas']['CallAnsweredEvent']
      | components['schemas']['CallUpdatedEvent']
      | components['schemas']['CallEndedEvent']
      | components['schemas']['PermissionUpdatedEvent']
      | components['schemas']['SettingsUpdatedEvent']
      | components['schemas']['ComplianceSnapshotEvent']
      | components['schemas']['ComplianceReportEvent']
      | components['schemas']['ComplianceEligibilityChangedEvent']
      | components['schemas']['AccountRestrictedEvent']
      | components['schemas']['WebhookSilentEvent']
      | components['schemas']['NumberAddedEvent']
      | components['schemas']['NumberChangedEvent']
      | components['schemas']['NumberRemovedEvent']
      | components['schemas']['NumberKeyRejectedEvent']
      | components['schemas']['SubscriptionDisabledEvent']
      | components['schemas']['SubscriptionGapEvent'];
    EventDelivery: {
      /** @description The `webhook-id`, the same on every attempt. */
      event_id: string;
      /** @description The type of the event. */
      type: string;
      /** @description What the event is about, such as a call's id. */
      subject: string;
      /**
       * @description `exhausted`: every attempt failed; a replay is possible while the event is kept.
       * @enum {string}
       */
      status: 'delivered' | 'retrying' | 'exhausted';
      /** @description How many attempts were made; 0 for a replay before its first. */
      attempt: number;
      /**
       * Format: date-time
       * @description `null` before the first attempt.
       */
      first_attempt_at: string | null;
      /**
       * Format: date-time
       * @description `null` before the first attempt.
       */
      last_attempt_at: string | null;
      /**
       * Format: date-time
       * @description When the next retry is due; `null` for none.
       */
      next_attempt_at: string | null;
      /** @description The HTTP status of the endpoint; `null` without a response. */
      response_status: number | null;
      /** @description Milliseconds until the response or the fault. */
      latency_ms: number | null;
      /** @description Why there was no response; `null` with one. */
      error: string | null;
    };
    EventDeliveryPage: {
      /** @description The newest events first. */
      data: components['schemas']['EventDelivery'][];
      /** @description The `cursor` of the next page; `null` on the last page. */
      next_cursor: string | null;
    };
    EventHealth: {
      /**
       * @description Whether notifications of other replicas arrive; without them this process looks for their events ten times a second.
       * @enum {string}
       */
      notifications: 'up' | 'down';
      /** @description For how long a transaction has held up all later events or deliveries, in seconds; 0 when none has for a second. */
      held_seconds: number;
      /** @description The session of Postgres that does; `null` when none does, or when it is a prepared transaction. */
      held_by_pid: number | null;
    };
    EventRestriction: {
      /** @description Meta's word, such as `RESTRICTED_BIZ_INITIATED_CALLING`. */
      type: string;
      /**
       * Format: date-time
       * @description When it ends; null when Meta names no end.
       */
      expires_at: string | null;
      /** @description The directions in which it stops calls. */
      blocks: ('inbound' | 'outbound')[];
    };
    EventUser: {
      /** @description The phone number as bare digits; null for a user with a hidden number. */
      wa_id: string | null;
      /** @description Business-scoped user id (BSUID). */
      user_id: string | null;
      /** @description The BSUID of the parent business account. */
      parent_user_id: string | null;
      /** @description The WhatsApp user name. */
      username: string | null;
      /** @description The name in the user's profile. */
      name: string | null;
    };
    EventVerdict: {
      /**
       * @description `available` is proven, `blocked` has a failing gate; else `unknown`.
       * @enum {string}
       */
      verdict: 'available' | 'blocked' | 'unknown';
      /** @description The gates that failed. */
      failed: string[];
    };
    EventVerdicts: {
      /** @description Inbound calls. */
      inbound: components['schemas']['EventVerdict'];
      /** @description Outbound calls. */
      outbound: components['schemas']['EventVerdict'];
    };
    Explanation: {
      /** @description `null` when nothing in the body is an error that the gateway can read. */
      entry: components['schemas']['ErrorEntry'] | null;
      /** @description `null` when the body holds nothing that 360dialog or Meta said. */
      upstream: components['schemas']['ErrorParts'] | null;
      /** @description Common mistakes that show in the body. */
      hints: string[];
    };
    Forward: {
      /** @description The values of its query are redacted. */
      url: string;
      /** @description The headers by name, their values redacted. */
      headers: {
        [key: string]: string;
      };
    };
    ForwardHealth: {
      /** @description Since the oldest delivery that waits was received, in seconds; 0 when none waits. */
      oldest_age_seconds: number;
      /** @description Deliveries that the target refused for good. */
      set_aside: number;
    };
    ForwardingStatus: {
      /** @description Scheme, host and port of the target: its path and query may hold secrets. */
      target: string;
      /** @description Kept deliveries that wait to be forwarded, in the order of receipt. */
      pending: number;
      /**
       * Format: date-time
       * @description When the oldest of them was received (RFC 3339); `null` when none waits.
       */
      oldest_received_at: string | null;
      /**
       * Format: date-time
       * @description Before this time (RFC 3339) nothing is forwarded: the target asks to wait, or a refused delivery is tried again then.
       */
      held_until: string | null;
      /** @description Deliveries that the target refused for good; `GET /api/forwarding/set-aside` lists them. */
      set_aside: number;
    };
    FoundPerson: {
      /** @description The person. */
      user: components['schemas']['FoundUser'];
      /** @description The business number that the person belongs to: who talks to two numbers is found twice. */
      phone_number_id: string;
      /** @description The newest call with the person that is kept; null without one. */
      last_call: components['schemas']['LastCall'] | null;
    };
    FoundUser: {
      /** @description The phone number as bare digits; null for a user with a hidden number. */
      wa_id: string | null;
      /** @description Business-scoped user id (BSUID). */
      user_id: string | null;
      /** @description The BSUID of the parent business account. */
      parent_user_id: string | null;
      /** @description The WhatsApp user name. */
      username: string | null;
      /** @description The name in the user's profile. */
      name: string | null;
    };
    Gap: {
      /** @description How many wanted events were lost. */
      events: number;
      /**
       * Format: date-time
       * @description When the first of them happened.
       */
      from: string;
      /**
       * Format: date-time
       * @description When the last of them happened.
       */
      until: string;
      /**
       * Format: uri-reference
       * @description The path that lists every call of the lost events in its present state; a replay of the events is not possible.
       */
      calls: string;
    };
    Gate: {
      /** @description Such as `calling_enabled`. */
      name: string;
      /**
       * @description Only `fail` blocks; `unknown` never does.
       * @enum {string}
       */
      verdict: 'pass' | 'fail' | 'unknown' | 'warning';
      /** @description What was found; `null` when unknown. */
      value: string | number | null;
      /** @description What it must be. */
      required: string | number | null;
      /** @description Who says so. */
      source: string | null;
      /**
       * Format: date-time
       * @description When that was observed.
       */
      observed_at: string | null;
      /** @description The error code of the catalogue that belongs to the verdict. */
      code: string | null;
      /** @description What the owner should do next. */
      remedy: string | null;
      /**
       * Format: date-time
       * @description When the verdict changes by itself, if that is known.
       */
      retry_at: string | null;
      /** @description How much of the limit is used; `null` but for the gate `messaging_limit`. */
      usage: components['schemas']['LimitUsage'] | null;
      /** @description The usage in a sentence; `null` where there is none. */
      note: string | null;
    };
    GivenForward: {
      /**
       * Format: uri
       * @description Where deliveries are posted: `https:`, a public host, port 443 or from 1024 on.
       */
      url: string;
      /** @description Headers of each post by name, at most 20; their values are kept sealed and never shown. */
      headers?: {
        [key: string]: string;
      } | null;
    };
    GivenSettings: {
      /** @description An IANA time zone. */
      time_zone?: string | null;
      /** @description When to poll. */
      poll_cron?: string | null;
      /** @description When to write reports. */
      report_cron?: string | null;
      /** @description How long calls are kept, in days. */
      retention_days?: number | null;
      /**
       * @description Which limits of Meta's hold.
       * @enum {string|null}
       */
      permission_policy?: 'production' | 'sandbox' | null;
      /** @description How many conversations the requirement asks for. */
      required_conversations?: number | null;
      /** @description Only null in this release. */
      recording?: null;
      /** @description Only null in this release. */
      media?: null;
    };
    Health: {
      /**
       * @description `ok`, or why no request should come: `draining`, `store_unavailable`; `waiting_for_migration` until `npm run migrate` has been run.
       * @enum {string}
       */
      status: 'ok' | 'draining' | 'store_unavailable' | 'waiting_for_migration';
    };
    IceServer: {
      /** @description Addresses such as `turn:turn.example.com`. */
      urls: string[];
      /** @description For TURN alone. */
      username?: string;
      /** @description For TURN alone. */
      credential?: string;
    };
    IceServers: {
      /** @description Empty where the owner has configured none, which WhatsApp does not need. */
      ice_servers: components['schemas']['IceServer'][];
      /**
       * Format: date-time
       * @description When the credentials end; null when they do not. Ask again before.
       */
      expires_at: string | null;
    };
    InboundMetrics: {
      /** @description All of them. */
      total: number;
      /** @description Answered calls. */
      answered: number;
      /** @description Missed, rejected or expired calls. */
      missed: number;
    };
    KeyLimits: {
      /** @description Dials per day; `null` without a limit. */
      dials_per_day: number | null;
      /** @description Permission requests per day; `null` without a limit. */
      asks_per_day: number | null;
      /** @description When the key places no call and sends no permission request; `null` for never. */
      quiet_hours: components['schemas']['ShownQuietHours'] | null;
    };
    KeyLimitsInput: {
      /** @description Dials; 0 for none. */
      dials_per_day?: number | null;
      /** @description Permission requests; 0 for none. */
      asks_per_day?: number | null;
      /** @description When the key places no call and sends no permission request. */
      quiet_hours?: components['schemas']['QuietHours'] | null;
    };
    LastCall: {
      /** @description The gateway's own id. */
      id: string;
      /** @description Meta's id (`wacid.…`); null until 360dialog has returned it. */
      call_id: string | null;
      /**
       * @description `inbound` from the user, `outbound` from the business.
       * @enum {string}
       */
      direction: 'inbound' | 'outbound';
      /**
       * @description The state, derived from every fact of the call. `ended` is final.
       * @enum {string}
       */
      state: 'awaiting_permission' | 'ready' | 'dialing' | 'ringing' | 'accepting' | 'in_progress' | 'ended';
      /**
       * @description How an ended call ended; null while it lives.
       * @enum {string|null}
       */
      outcome:
        | 'answered'
        | 'rejected'
        | 'missed'
        | 'no_answer'
        | 'canceled'
        | 'permission_denied'
        | 'expired'
        | 'failed'
        | 'unknown'
        | null;
      /**
       * Format: date-time
       * @description When the client made the call; of a call that a webhook reported first: when it began at Meta.
       */
      created_at: string;
      /** @description Whole seconds of talk, as Meta counts them. */
      duration_seconds: number | null;
    };
    LastCheck: {
      /**
       * @description Whether the number could place calls.
       * @enum {string}
       */
      outbound: 'available' | 'blocked' | 'unknown';
      /**
       * @description Whether it could be called.
       * @enum {string}
       */
      inbound: 'available' | 'blocked' | 'unknown';
      /** @description Whether its webhooks had stopped for a day; null when none had ever come. */
      webhook_silent: boolean | null;
      /**
       * Format: date-time
       * @description RFC 3339.
       */
      checked_at: string;
    };
    LastRequest: {
      /** @description `wamid.…` of the request. */
      message_id: string;
      /**
       * Format: date-time
       * @description When it was sent.
       */
      at: string;
      /**
       * @description `failed`: not delivered; `accepted`, `declined`: the user's reply.
       * @enum {string}
       */
      status: 'sent' | 'failed' | 'accepted' | 'declined';
    };
    LastSent: {
      /** @description Its first day, `YYYY-MM-DD`. */
      period: string;
      /**
       * Format: date-time
       * @description When it was sent (RFC 3339).
       */
      at: string;
    };
    Lease: {
      /** @description The gateway's id of the call. */
      id: string;
      /** @description The window that holds it. */
      holder: string;
      /** @description Sent with each renewal. Another holder has a higher one, and renewals with the older are refused. */
      fence: number;
      /**
       * Format: date-time
       * @description When the call is ended unless the lease is renewed before.
       */
      expires_at: string;
      /** @description Renew it at this interval. */
      renew_after_seconds: number;
    };
    LeaseWish: {
      /** @description The name of this window: 16 to 64 letters, digits, `-` or `_`, made at random and kept secret. */
      holder: string;
      /** @description The `fence` that the lease was given with, to renew it; left out to take it. */
      fence?: number | null;
      /** @description How long it lasts unless it is renewed, 5 to 60; `CALL_LEASE_SECONDS` when left out. A page asks for more before the browser's question whether to leave it, which holds up everything else. */
      ttl_seconds?: number | null;
    };
    LimitReading: {
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source: string;
      /**
       * @description `number`, `client` or `portfolio`.
       * @enum {string}
       */
      scope: 'number' | 'portfolio' | 'client';
      /** @description As the source reports it: a tier word, or a number. */
      value: string;
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string;
    };
    LimitUsage: {
      /**
       * @description Whose people are counted: `portfolio` for all numbers of the gateway in it, `number` while the portfolio is unknown.
       * @enum {string}
       */
      scope: 'portfolio' | 'number';
      /** @description How many numbers of the gateway have the limit together; `null` while the portfolio is unknown. */
      shared_by: number | null;
      /** @description How many people got a template outside of the 24 h window within 24 h, each counted once by a digest of their id; `null` is unknown. */
      people_24h: number | null;
      /** @description Whether webhooks cover the 24 h for each of these numbers; otherwise there may be more. */
      complete: boolean;
    };
    MadeApiKey: {
      /** @description `key_…` */
      id: string;
      /** @description What the key is for. */
      name: string;
      /** @description What the key may do. */
      scopes: (
        | 'calls:dial'
        | 'calls:control'
        | 'calls:read'
        | 'permissions:read'
        | 'permissions:ask'
        | 'status:read'
        | 'compliance:read'
        | 'compliance:write'
        | 'settings:read'
        | 'settings:write'
        | 'events:read'
        | 'subscriptions:write'
        | 'keys:admin'
        | 'data:erase'
        | 'data:export'
        | 'numbers:read'
        | 'numbers:admin'
        | 'audit:read'
      )[];
      /** @description The ids of the numbers that the key reaches; `null` for all, later ones too. */
      numbers: string[] | null;
      /** @description What the key may do in a day; `null` without limits. */
      limits: components['schemas']['KeyLimits'] | null;
      /** @description Whether the key is refused until its suspension is undone. */
      suspended: boolean;
      /**
       * @description `environment`: set by API_KEY; `first`: made at the first start; `api`: made through the API.
       * @enum {string}
       */
      source: 'environment' | 'first' | 'api';
      /**
       * Format: date-time
       * @description RFC 3339.
       */
      created_at: string;
      /**
       * Format: date-time
       * @description To the minute; `null` when the key was never used.
       */
      last_used_at: string | null;
      /** @description The key itself. It is shown this once and kept only as a digest. */
      key: string;
    };
    MakeCall: {
      /** @description Your offer. Without it a call with permission waits in `ready` for `connect`. */
      session?: components['schemas']['SessionInput'] | null;
      /** @description How to ask the user for permission, if that is needed. */
      permission_request?: components['schemas']['PermissionRequestInput'] | null;
      /** @description Your own reference of the call, at most 256 characters; never sent to Meta. */
      reference?: string | null;
      /** @description End the call when it is not answered within this time: 10 to 604,800 seconds. The configured deadlines by default. */
      give_up_after_seconds?: number | null;
      /** @description For a softphone: the name of its window. The gateway leases the call to it from the dial on and ends the call when the window is gone, see `PUT /api/calling/calls/{id}/lease`. Servers leave it out. */
      lease_holder?: string | null;
      /** @description The user's phone number with country code, in any usual writing; `to` or `recipient`, exactly one of both. */
      to?: string | null;
      /** @description The user's business-scoped user id (BSUID), for users who hide their phone number; `to` or `recipient`, exactly one of both. */
      recipient?: string | null;
      /** @description The business number to call from; the configured one when left out. */
      phone_number_id?: string | null;
    } & (
      | {
          to: string;
        }
      | {
          recipient: string;
        }
    );
    MessagingLimit: {
      /** @description Meta's word, such as `TIER_2K`. */
      tier: string | null;
      /** @description Unique users per 24 h; also `null` when unlimited, see `tier`. */
      limit: number | null;
      /** @description What Meta asks for before calling can be enabled. */
      required: number;
      /** @description Whether the limit suffices for calling; `null` is unknown. */
      meets: boolean | null;
      /** @description Who says so. */
      source: string | null;
      /**
       * @description `number`, `client` or `portfolio`.
       * @enum {string|null}
       */
      scope: 'number' | 'portfolio' | 'client' | null;
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string | null;
      /** @description Why there is no value, such as `stale`. */
      reason: string | null;
      /** @description How much of it is used, and by how many numbers. */
      usage: components['schemas']['LimitUsage'];
      /** @description What every source says, newest first. */
      readings: components['schemas']['LimitReading'][];
    };
    MetaCallHours: {
      /** @description `ENABLED` or `DISABLED`. */
      status?: string;
      /** @description An IANA zone. */
      timezone_id?: string;
      /** @description The openings of the week, at most two a day. */
      weekly_operating_hours?: components['schemas']['MetaOpening'][];
      /** @description Days with other hours, at most 20. */
      holiday_schedule?: components['schemas']['MetaHoliday'][];
    } & {
      [key: string]: unknown;
    };
    MetaCalling: {
      /** @description `ENABLED` or `DISABLED`; missing while calling was never set. */
      status?: string;
      /** @description `DEFAULT` or `DISABLE_ALL`. */
      call_icon_visibility?: string;
      /** @description Whether WhatsApp asks callers for the permission to call them back: `ENABLED` or `DISABLED`. */
      callback_permission_status?: string;
      /** @description When users may call. */
      call_hours?: components['schemas']['MetaCallHours'];
      /** @description Calls over SIP, without passwords. */
      sip?: {
        [key: string]: unknown;
      };
      /** @description `DTLS` or `SDES`. */
      srtp_key_exchange_protocol?: string;
    } & {
      [key: string]: unknown;
    };
    MetaHoliday: {
      /**
       * Format: date
       * @description The day.
       */
      date: string;
      /** @description `HHMM` in the zone of `timezone_id`. */
      start_time?: string;
      /** @description `HHMM` in the zone of `timezone_id`. */
      end_time?: string;
    } & {
      [key: string]: unknown;
    };
    MetaOpening: {
      /** @description Such as `MONDAY`. */
      day_of_week: string;
      /** @description `HHMM` in the zone of `timezone_id`. */
      open_time: string;
      /** @description `HHMM` in the zone of `timezone_id`. */
      close_time: string;
    } & {
      [key: string]: unknown;
    };
    Metric: {
      /** @description `null` while unknown. */
      value: string | number | boolean | null;
      /** @description Who says so. */
      source: string | null;
      /**
       * @description What it covers: this number, the client at 360dialog, or Meta's business portfolio.
       * @enum {string|null}
       */
      scope: 'number' | 'portfolio' | 'client' | null;
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string | null;
      /** @description Why there is no value, or none newer. */
      reason: string | null;
    };
    Number: {
      /** @description Meta's id of the number. */
      phone_number_id: string;
      /** @description The number as bare digits; null until 360dialog or a webhook says it. */
      display_phone_number: string | null;
      /** @description What it is called here. */
      name: string | null;
      /** @description The owner's own word for it. */
      reference: string | null;
      /** @description Meta's id of its account (WABA); null while unknown. */
      waba_id: string | null;
      /** @description Meta's id of the business portfolio; null while unknown. */
      portfolio_id: string | null;
      /**
       * @description `simulator` when the gateway runs against its simulator.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
      /**
       * @description `environment`: its key is D360_API_KEY; `api`: it was added here; `partner`: it was adopted from a partner's channels.
       * @enum {string}
       */
      source: 'environment' | 'api' | 'partner';
      /**
       * @description `paused`: no dials, no permission requests, no `call.incoming`. `removing`: its live calls end, then it is gone.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'removing';
      /** @description Where 360dialog delivers its webhooks. */
      webhook: components['schemas']['NumberWebhook'];
      /** @description What the last poll found; null before the first. */
      last_check: components['schemas']['LastCheck'] | null;
      /**
       * Format: date-time
       * @description When 360dialog last named the number for its key.
       */
      key_accepted_at: string | null;
      /**
       * Format: date-time
       * @description When 360dialog refused its key; null since it was accepted again.
       */
      key_rejected_at: string | null;
      /** @description Where its deliveries are forwarded; null without forwarding. */
      forward: components['schemas']['Forward'] | null;
      /** @description What it has of its own. */
      settings: components['schemas']['NumberSettings'];
      /**
       * Format: date-time
       * @description Since when this gateway has it.
       */
      created_at: string;
      /** @description Null unless it is being removed. */
      removal: components['schemas']['Removal'] | null;
    };
    /** @description A number was added to the gateway. */
    NumberAddedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'number.added';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['NumberEvent'];
    };
    NumberChanged: {
      /** @description Meta's id of the number. */
      phone_number_id: string;
      /** @description The number as bare digits; null until 360dialog or a webhook says it. */
      display_phone_number: string | null;
      /** @description What it is called here. */
      name: string | null;
      /** @description The owner's own word for it. */
      reference: string | null;
      /** @description Meta's id of its account (WABA); null while unknown. */
      waba_id: string | null;
      /** @description Meta's id of the business portfolio; null while unknown. */
      portfolio_id: string | null;
      /**
       * @description Where its key comes from.
       * @enum {string}
       */
      source: 'environment' | 'api' | 'partner';
      /**
       * @description Whether it places and takes calls.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'removing';
      /** @description What has changed: members of the number, and `api_key` or `webhook_token` for a secret that was replaced. */
      changed: string[];
    };
    /** @description A number was changed, paused or resumed, or is being removed. */
    NumberChangedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'number.changed';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['NumberChanged'];
    };
    NumberEvent: {
      /** @description Meta's id of the number. */
      phone_number_id: string;
      /** @description The number as bare digits; null until 360dialog or a webhook says it. */
      display_phone_number: string | null;
      /** @description What it is called here. */
      name: string | null;
      /** @description The owner's own word for it. */
      reference: string | null;
      /** @description Meta's id of its account (WABA); null while unknown. */
      waba_id: string | null;
      /** @description Meta's id of the business portfolio; null while unknown. */
      portfolio_id: string | null;
      /**
       * @description Where its key comes from.
       * @enum {string}
       */
      source: 'environment' | 'api' | 'partner';
      /**
       * @description Whether it places and takes calls.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'removing';
    };
    /** @description 360dialog has refused the key of a number. */
    NumberKeyRejectedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'number.key_rejected';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['NumberEvent'];
    };
    NumberList: {
      /** @description The first one first. */
      data: components['schemas']['Number'][];
      /** @description `null` on the last page. */
      next_cursor: string | null;
    };
    NumberOfChannel: {
      /** @description Meta's id of the number. */
      phone_number_id: string;
      /**
       * @description Whether it is in use.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'removing';
    };
    NumberPeriod: {
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /** @description The number as bare digits; `null` while unknown. */
      display_phone_number: string | null;
      /** @description What it is called here. */
      name: string | null;
      /**
       * @description `live`, or `simulator` for the built-in 360dialog.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
      /** @description The days. */
      period: components['schemas']['Span'];
      /** @description The zone of its days. */
      time_zone: string;
      /** @description How many days the period has. */
      days: number;
      /** @description How many of them have a report. Figures are sums over these. */
      reported_days: number;
      /**
       * Format: date-time
       * @description When the latest of these reports was written (RFC 3339); `null` without any.
       */
      created_at: string | null;
      /** @description The period before; `null` when none of its days has a report. */
      previous: components['schemas']['Span'] | null;
      /**
       * @description `act`: calls are blocked. `watch`: something warns. `unknown`: it is not known whether calls are possible.
       * @enum {string}
       */
      attention: 'act' | 'watch' | 'unknown' | 'fine';
      /** @description What differs from the period before, the most important first. */
      changes: components['schemas']['PeriodChange'][];
      /** @description The code of the catalogue that says what to do first; `null` when nothing asks for it. */
      action_code: string | null;
      /** @description Every figure with its change. */
      figures: components['schemas']['PeriodFigure'][];
      /** @description The status when the report of the last day was written; `null` without one. */
      status: components['schemas']['PeriodStatus'] | null;
      /** @description Picked-up and missed calls of this span and those before it, oldest first. */
      trend: components['schemas']['TrendSpan'][];
    };
    NumberPeriodReport: {
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /** @description The number as bare digits; `null` while unknown. */
      display_phone_number: string | null;
      /** @description What it is called here. */
      name: string | null;
      /**
       * @description `live`, or `simulator` for the built-in 360dialog.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
      /** @description The days. */
      period: components['schemas']['Span'];
      /** @description The zone of its days. */
      time_zone: string;
      /** @description How many days the period has. */
      days: number;
      /** @description How many of them have a report. Figures are sums over these. */
      reported_days: number;
      /**
       * Format: date-time
       * @description When the latest of these reports was written (RFC 3339); `null` without any.
       */
      created_at: string | null;
      /** @description The period before; `null` when none of its days has a report. */
      previous: components['schemas']['Span'] | null;
      /**
       * @description `act`: calls are blocked. `watch`: something warns. `unknown`: it is not known whether calls are possible.
       * @enum {string}
       */
      attention: 'act' | 'watch' | 'unknown' | 'fine';
      /** @description What differs from the period before, the most important first. */
      changes: components['schemas']['PeriodChange'][];
      /** @description The code of the catalogue that says what to do first; `null` when nothing asks for it. */
      action_code: string | null;
      /** @description Every figure with its change. */
      figures: components['schemas']['PeriodFigure'][];
      /** @description The status when the report of the last day was written; `null` without one. */
      status: components['schemas']['PeriodStatus'] | null;
      /** @description Picked-up and missed calls of this span and those before it, oldest first. */
      trend: components['schemas']['TrendSpan'][];
      /** @description The latest revision of the last day that has a report; `null` without any. */
      report: components['schemas']['Report'] | null;
    };
    /** @description A number was removed, and its secrets are destroyed. */
    NumberRemovedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'number.removed';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['NumberEvent'];
    };
    NumberSettings: {
      /** @description An IANA time zone; null for COMPLIANCE_TIME_ZONE. */
      time_zone: string | null;
      /** @description When to poll; null for COMPLIANCE_POLL_CRON. */
      poll_cron: string | null;
      /** @description When to write reports; null for COMPLIANCE_REPORT_CRON. */
      report_cron: string | null;
      /** @description How long calls are kept; null for RETENTION_DAYS. */
      retention_days: number | null;
      /**
       * @description Which limits of Meta's hold; null for PERMISSION_POLICY.
       * @enum {string|null}
       */
      permission_policy: 'production' | 'sandbox' | null;
      /** @description How many conversations the requirement asks for; null for COMPLIANCE_REQUIRED_CONVERSATIONS. */
      required_conversations: number | null;
      /** @description Always null in this release. */
      recording: boolean | null;
      /** @description Always null in this release. */
      media: boolean | null;
    };
    NumberWebhook: {
      /** @description The address that 360dialog had registered when it was last asked, the values of its query redacted; null when unknown or none. */
      url: string | null;
      /** @description Whether that is this gateway; null when unknown. */
      matches: boolean | null;
      /**
       * Format: date-time
       * @description When the last delivery of this number came.
       */
      last_delivery_at: string | null;
    };
    OutboundMetrics: {
      /** @description All of them. */
      total: number;
      /** @description Answered calls. */
      answered: number;
      /** @description Rejected, or not answered. */
      unanswered: number;
    };
    OverviewLine: {
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /** @description The number as bare digits; `null` while unknown. */
      display_phone_number: string | null;
      /** @description What it is called here. */
      name: string | null;
      /** @description Its latest report without its series; `null` before the first. */
      report: components['schemas']['ReportSummary'] | null;
      /** @description What that report says; `null` before the first. */
      standing: components['schemas']['OverviewStatus'] | null;
    };
    OverviewStatus: {
      /**
       * @description Inbound calls.
       * @enum {string}
       */
      inbound: 'available' | 'blocked' | 'unknown';
      /**
       * @description Outbound calls.
       * @enum {string}
       */
      outbound: 'available' | 'blocked' | 'unknown';
      /** @description Business-initiated conversations within the window; `null` is unknown. */
      business_initiated_conversations: number | null;
      /** @description Business-initiated conversations to reach. */
      required_conversations: number;
      /** @description Whether the required number is reached; `null` is unknown. */
      meets_1k_requirement: boolean | null;
      /** @description Meta’s word, such as `TIER_2K`; `null` is unknown. */
      messaging_limit: string | null;
      /** @description How many numbers of the gateway have the limit together; `null` while the portfolio is unknown. */
      messaging_limit_shared_by: number | null;
    };
    PartnerChannel: {
      /** @description 360dialog's id of the channel. */
      id: string;
      /** @description 360dialog's id of its client. */
      client_id: string | null;
      /** @description The number as bare digits. */
      display_phone_number: string | null;
      /** @description The name that is shown with the number. */
      name: string | null;
      /** @description As 360dialog writes it, such as `running`. */
      status: string | null;
      /** @description Meta's id of the account (WABA). */
      waba_id: string | null;
      /** @description The messaging limit in 360dialog's word, such as `TIER_2K`. */
      messaging_limit: string | null;
      /** @description Whether the number is still in the WhatsApp Business app. */
      on_business_app: boolean | null;
      /** @description The number that this gateway has of it; null when it has none. */
      number: components['schemas']['NumberOfChannel'] | null;
      /** @description An adoption that has not kept its number; null without one. */
      adoption: components['schemas']['Adoption'] | null;
    };
    PartnerChannelList: {
      /** @description The channels of this page. */
      data: components['schemas']['PartnerChannel'][];
      /** @description `null` on the last page. */
      next_cursor: string | null;
      /**
       * Format: date-time
       * @description When the channels were read (RFC 3339).
       */
      observed_at: string;
      /** @description Why they could not be read again, a code of the error catalogue; null when nothing failed. */
      reason: string | null;
      /** @description Every adoption that has not kept its number, the oldest first, also of channels that are not listed any more. */
      unfinished: components['schemas']['Adoption'][];
    };
    PathToLimit: {
      /** @description `business_verification` or `delivered_templates_30d`. */
      path: string;
      /** @description How far a path without a count has come. */
      state?: string | null;
      /** @description What is counted. */
      unit?: string;
      /** @description What it must be; `null` when nothing is required. */
      required?: number;
      /** @description The value; `null` while unknown. */
      value?: number | null;
      /** @description Conversations still missing; `null` is unknown. */
      remaining?: number | null;
      /**
       * Format: double
       * @description 0 to 1.
       */
      progress?: number | null;
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source?: string | null;
      /** @description What of the 30 days was counted, in days of UTC; while that is a part, there may be more. */
      coverage?: components['schemas']['Coverage'];
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at?: string | null;
      /** @description `null` while nothing was counted. Who gets another template later stays longer, so the date is rather late than early. */
      projection?: components['schemas']['Projection'] | null;
    };
    PeoplePage: {
      /** @description The people. */
      data: components['schemas']['FoundPerson'][];
      /** @description Give it as `cursor` for the next page; null on the last one. */
      next_cursor: string | null;
      /** @description False in the first moments after a start, while people whom an older release has kept may be missing. */
      complete: boolean;
    };
    PeriodCause: {
      /**
       * @description The direction of the calls.
       * @enum {string}
       */
      direction: 'inbound' | 'outbound';
      /** @description A code of the catalogue. */
      code: string;
      /** @description Whether it blocks calls, or only warns. */
      blocks: boolean;
      /** @description When it was read (RFC 3339); `null` when that is unknown. */
      as_of: string | null;
    };
    PeriodChange: {
      /** @description `outbound`, `inbound`, `gate`, `meets_1k_requirement`, `messaging_limit`, or the name of a figure. */
      about: string;
      /** @description The error code of a gate that warns or fails now or did before; `null` otherwise. */
      code: string | null;
      /** @description What it was. `null` is unknown or none. */
      before: string | number | null;
      /** @description What it is. `null` is unknown or none. */
      now: string | number | null;
      /** @description When a reading of one moment was taken (RFC 3339); `null` for what happened over the days. */
      as_of: string | null;
    };
    PeriodCount: {
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source: string;
      /** @description The zone of the source's day. */
      time_zone: string;
      /** @description Business-initiated conversations. */
      business_initiated: number;
      /** @description `null` when the source does not report it. */
      total: number | null;
    };
    PeriodFigure: {
      /** @description Such as `calls.inbound.missed`, `rate.inbound`, `conversations.webhooks.total` or `status.business_initiated_conversations`. */
      name: string;
      /**
       * Format: double
       * @description A number of calls, conversations or people; a rate from 0 to 1, rounded down to hundredths. `null` is unknown.
       */
      value: number | null;
      /**
       * Format: double
       * @description The same of the period before; `null` is unknown.
       */
      before: number | null;
      /**
       * Format: double
       * @description `value` minus `before`; `null` where one of them is unknown, or some of its days are.
       */
      change: number | null;
      /**
       * Format: double
       * @description What it should reach at least; `null` without a target.
       */
      target: number | null;
      /** @description On how many days of the period the value rests; `null` for a reading of one moment. */
      days: number | null;
      /** @description When a reading of one moment was taken (RFC 3339); `null` for what happened over the days, and when it never was. */
      as_of: string | null;
    };
    PeriodMetrics: {
      /** @description By source, never added up. */
      conversations: components['schemas']['PeriodCount'][];
      /** @description Calls by direction and outcome. */
      calls: components['schemas']['CallMetrics'];
    };
    PeriodReports: {
      /** @description The days. */
      period: components['schemas']['Span'];
      /** @description The numbers, those with trouble first. */
      numbers: components['schemas']['NumberPeriodReport'][];
    };
    PeriodStatus: {
      /**
       * Format: date-time
       * @description When the report was written.
       */
      as_of: string;
      /**
       * @description Outbound calls.
       * @enum {string}
       */
      outbound: 'available' | 'blocked' | 'unknown';
      /**
       * @description Inbound calls.
       * @enum {string}
       */
      inbound: 'available' | 'blocked' | 'unknown';
      /** @description What blocks calls first, then what warns. */
      causes: components['schemas']['PeriodCause'][];
      /** @description Whether the required number of conversations is reached; `null` is unknown. */
      meets_1k_requirement: boolean | null;
      /** @description Meta’s word, such as `TIER_2K`; `null` is unknown. */
      messaging_limit: string | null;
    };
    Permission: {
      /** @description The user as the path names them. */
      user: components['schemas']['AddressedUser'];
      /** @description The business number. */
      phone_number_id: string;
      /**
       * @description `no_permission`: never given, declined, expired or revoked.
       * @enum {string|null}
       */
      status: 'no_permission' | 'temporary' | 'permanent' | null;
      /**
       * Format: date-time
       * @description When a temporary permission ends.
       */
      expires_at: string | null;
      /**
       * @description The source: the user's reply, a reading of 360dialog, or its refusal.
       * @enum {string|null}
       */
      source: 'reply' | 'reading' | 'refusal' | null;
      /**
       * Format: date-time
       * @description When the source stated it.
       */
      observed_at: string | null;
      /** @description Whether the user may be called now. */
      can_call: components['schemas']['PermissionVerdict'];
      /** @description Whether the user may be asked for permission now. */
      can_ask: components['schemas']['PermissionVerdict'];
      /** @description The 24-hour customer-service window. */
      window: components['schemas']['PermissionWindow'];
      /**
       * @description Who holds the thread with the user: `agent` is the Meta Business Agent, from which a request takes it; null while no message has shown it.
       * @enum {string|null}
       */
      thread_holder: 'agent' | 'business' | null;
      /** @description The limits on requests and calls. */
      limits: components['schemas']['PermissionLimit'][];
      /** @description Calls in a row that the user did not take, as far as this gateway has seen. */
      consecutive_unanswered: number;
      /**
       * @description What WhatsApp does at the next one; null without a permission that it could end.
       * @enum {string|null}
       */
      next_unanswered_effect: 'none' | 'nudge' | 'revoke' | null;
      /** @description The last permission request; null when there was none. */
      last_request: components['schemas']['LastRequest'] | null;
      /** @description The latest facts first, at most 50. */
      history: components['schemas']['PermissionFact'][];
      /** @description Whether 360dialog could be read; with `false` the rest comes from the ledger. */
      readable: boolean;
      /** @description The error code that says why it could not. */
      unreadable_code: string | null;
      /** @description Meta's documented rules. */
      policy: components['schemas']['PermissionPolicy'];
    };
    PermissionFact: {
      /**
       * @description `unanswered` and `connected` are calls; `uncounted` takes one of them back after a late correction.
       * @enum {string}
       */
      kind: 'asked' | 'request_failed' | 'replied' | 'refused' | 'connected' | 'unanswered' | 'uncounted';
      /**
       * Format: date-time
       * @description When it happened.
       */
      at: string;
      /** @description The message or call it is about. */
      ref: string | null;
      /**
       * @description The user's reply.
       * @enum {string}
       */
      response?: 'accept' | 'reject';
      /** @description Whether an accepted permission has no end. */
      permanent?: boolean;
      /**
       * Format: date-time
       * @description When an accepted permission ends.
       */
      expires_at?: string | null;
      /** @description `user_action`, or `automatic` for a reply of Meta itself. */
      response_source?: string | null;
      /** @description The request that the reply answers (`wamid.…`). */
      context_id?: string | null;
      /** @description Why 360dialog refused: an error code of the catalogue. */
      code?: string;
      /**
       * Format: date-time
       * @description When the refusal may no longer hold.
       */
      until?: string | null;
      /**
       * @description Of a call.
       * @enum {string}
       */
      direction?: 'inbound' | 'outbound';
      /** @description Of a call, such as `answered`. */
      outcome?: string;
    };
    PermissionLimit: {
      /**
       * @description `ask` sends a permission request, `call` is a call that gets picked up.
       * @enum {string}
       */
      action: 'ask' | 'call';
      /**
       * Format: duration
       * @description ISO 8601, such as `PT24H` or `P7D`.
       */
      period: string | null;
      /** @description The limit itself. */
      max_allowed: number | null;
      /** @description How much of it is used. */
      used: number | null;
      /**
       * Format: date-time
       * @description When it frees again, once it is reached.
       */
      frees_at: string | null;
      /**
       * @description `live`: reported by Meta now; `policy`: Meta's documentation with the gateway's own count.
       * @enum {string}
       */
      source: 'live' | 'policy';
      /** @description The limit in Meta's documentation. */
      policy_max: number | null;
      /** @description Whether Meta's live number differs from its documentation. */
      differs: boolean;
    };
    PermissionPolicy: {
      /**
       * Format: date
       * @description The day on which it was read.
       */
      date: string;
      /**
       * Format: uri
       * @description The address of the page.
       */
      source: string;
    };
    PermissionRequestInput: {
      /** @description Your text above the permission buttons; only inside the 24-hour window. */
      body?: string | null;
      /**
       * @description `never` answers 409 `permission_required` instead of asking. Default `if_needed`.
       * @enum {string|null}
       */
      mode?: 'if_needed' | 'never' | null;
      /** @description Meta's own template object `{ name, language: { code }, components? }`; needed outside the 24-hour window. */
      template?: {
        [key: string]: unknown;
      } | null;
    };
    PermissionRequested: {
      /** @description The business number that asked. */
      phone_number_id: string;
      /** @description The user's phone number; null for a user with a hidden number. */
      wa_id: string | null;
      /** @description The user's business-scoped user id (BSUID); null while Meta has not reported one. */
      user_id: string | null;
      /** @description `wamid.…`; null when 360dialog did not respond, so that it is unknown whether the user was asked. */
      message_id: string | null;
      /**
       * @description `unknown` when 360dialog did not respond.
       * @enum {string}
       */
      status: 'sent' | 'unknown';
    };
    PermissionUpdated: {
      /** @description The business number. */
      phone_number_id: string;
      /** @description Who answered. */
      user: components['schemas']['EventUser'];
      /**
       * @description What the user allows from now on; null when the answer does not say it.
       * @enum {string|null}
       */
      status: 'no_permission' | 'temporary' | 'permanent' | null;
      /**
       * @description The answer.
       * @enum {string}
       */
      response: 'accept' | 'reject';
      /** @description `user_action`, or `automatic` for a reply of Meta itself; null when Meta does not say it. */
      response_source: string | null;
      /**
       * Format: date-time
       * @description When a temporary permission ends; null otherwise.
       */
      expires_at: string | null;
      /** @description The message that was answered (`wamid.…`); null when Meta does not name it. */
      context_id: string | null;
    };
    /** @description What a person allows has changed. */
    PermissionUpdatedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'permission.updated';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['PermissionUpdated'];
    };
    PermissionVerdict: {
      /**
       * @description Unknown blocks no call.
       * @enum {string}
       */
      verdict: 'pass' | 'fail' | 'unknown';
      /** @description The error code of the catalogue that says why not. */
      code: string | null;
      /** @description What to do next. */
      remedy: string | null;
      /**
       * Format: date-time
       * @description When it may be possible again; null when it is possible, or no clock alone will change it.
       */
      earliest_at: string | null;
    };
    PermissionWindow: {
      /**
       * @description `closed`: a request needs a template. `unknown`: deliveries have not been kept for a day yet.
       * @enum {string}
       */
      state: 'open' | 'closed' | 'unknown';
      /**
       * Format: date-time
       * @description When it closes unless the user writes or calls again.
       */
      closes_at: string | null;
    };
    PersonExport: {
      /** @description The user as the request names them. */
      user: string;
      /**
       * Format: date-time
       * @description When the export was made.
       */
      exported_at: string;
      /** @description One entry for each number that keeps something about the person; none for an unknown one. */
      numbers: components['schemas']['PersonOfNumber'][];
    };
    PersonOfNumber: {
      /** @description The business number; null while the gateway knows none. */
      phone_number_id: string | null;
      /** @description The person: phone number, BSUIDs, user name and name. */
      people: components['schemas']['StoredRow'][];
      /** @description Every phone number and BSUID under which the person is or was known. */
      addresses: components['schemas']['StoredRow'][];
      /** @description The words under which the person is searched for. */
      person_words: components['schemas']['StoredRow'][];
      /** @description When the person last wrote or called. */
      windows: components['schemas']['StoredRow'][];
      /** @description Permission requests, answers, refusals, and calls that decide on the permission. */
      permission_facts: components['schemas']['StoredRow'][];
      /** @description The last answer of 360dialog about the permission. */
      permission_readings: components['schemas']['StoredRow'][];
      /** @description Calls with the person, with what is known of each. */
      calls: components['schemas']['StoredRow'][];
      /** @description What happened to these calls, step by step. */
      timeline: components['schemas']['StoredRow'][];
      /** @description What webhooks reported about calls of which the user is not known yet. */
      early_facts: components['schemas']['StoredRow'][];
      /** @description Webhooks as received: of each only what is about the person. */
      deliveries: components['schemas']['StoredRow'][];
      /** @description Events about the person. */
      events: components['schemas']['StoredRow'][];
      /** @description Answers kept for a repeated `Idempotency-Key`. */
      idempotency: components['schemas']['StoredRow'][];
      /** @description Digests by which conversations with the person are counted once. */
      conversation_digests: components['schemas']['StoredRow'][];
    };
    Preflight: {
      /**
       * @description `available` is proven, `blocked` has a failing gate, everything between is `unknown` and may be tried.
       * @enum {string}
       */
      verdict: 'available' | 'blocked' | 'unknown';
      /**
       * @description What make-call would do now: dial, wait for an offer, ask the user first, or refuse.
       * @enum {string}
       */
      next_step: 'dial' | 'wait' | 'ask' | 'refuse';
      /** @description The error code with which a dial is refused now. */
      code: string | null;
      /** @description What to do next. */
      remedy: string | null;
      /**
       * Format: date-time
       * @description The earliest moment of a retry, if it is known.
       */
      earliest_at: string | null;
      /** @description The user as the query names them. */
      user: components['schemas']['AddressedUser'];
      /** @description The business number. */
      phone_number_id: string;
      /** @description Every gate, in the order in which a failing one answers. */
      gates: components['schemas']['PreflightGate'][];
      /**
       * Format: date-time
       * @description When the gates were checked.
       */
      checked_at: string;
    };
    PreflightGate: {
      /** @description Such as `permission`. */
      name: string;
      /**
       * @description Only `fail` blocks; `unknown` never does.
       * @enum {string}
       */
      verdict: 'pass' | 'fail' | 'unknown' | 'warning';
      /** @description The value found; `null` when unknown. */
      value: string | number | null;
      /** @description What it must be; `null` when nothing is required of it now. */
      required: string | number | null;
      /** @description The source of the value. */
      source: string | null;
      /**
       * Format: date-time
       * @description When that was observed.
       */
      observed_at: string | null;
      /** @description The error code of the catalogue that belongs to the verdict. */
      code: string | null;
      /** @description What to do next. */
      remedy: string | null;
      /**
       * Format: date-time
       * @description When the verdict changes by itself, if that is known.
       */
      earliest_at: string | null;
    };
    /** @description A refusal (RFC 9457). Some codes add a member of their own. */
    Problem: {
      /**
       * Format: uri
       * @description Where the error catalogue explains this code.
       */
      type: string;
      /** @description A short sentence, in English or Spanish after Accept-Language. */
      title: string;
      /** @description The HTTP status. */
      status: number;
      /** @description What happened and why. */
      detail: string;
      /** @description A stable snake_case word from the error catalogue; later releases may add some. */
      code:
        | 'account_deleted'
        | 'account_disable_scheduled'
        | 'account_disabled'
        | 'account_disconnected'
        | 'account_in_maintenance'
        | 'account_locked'
        | 'account_restricted'
        | 'adoption_in_progress'
        | 'agent_holds_thread'
        | 'answer_mismatch'
        | 'call_already_answered'
        | 'call_claimed'
        | 'call_ended'
        | 'call_failed'
        | 'call_in_progress'
        | 'call_limit_reached'
        | 'call_not_found'
        | 'call_not_ready'
        | 'call_not_ringing'
        | 'calling_disabled'
        | 'calling_prerequisites_missing'
        | 'calling_restricted'
        | 'channel_key_unknown'
        | 'check_in_progress'
        | 'code_not_found'
        | 'concurrent_calls_limit'
        | 'connect_timeout'
        | 'connection_failed'
        | 'country_not_supported'
        | 'display_name_not_approved'
        | 'endpoint_not_verified'
        | 'environment_number'
        | 'forwarding_off'
        | 'headers_too_large'
        | 'idempotency_key_reused'
        | 'inbound_pick_up_rate_low'
        | 'inbox_full'
        | 'insufficient_scope'
        | 'integration_unavailable'
        | 'internal_error'
        | 'invalid_idempotency_key'
        | 'invalid_json'
        | 'invalid_message_parameter'
        | 'invalid_parameter'
        | 'invalid_request'
        | 'invoices_overdue'
        | 'key_budget_used'
        | 'key_suspended'
        | 'lease_held'
        | 'lease_lapsed'
        | 'lease_lost'
        | 'mail_not_configured'
        | 'malformed_content_encoding'
        | 'malformed_request'
        | 'marketing_limit_reached'
        | 'media_setup_failed'
        | 'message_type_unsupported'
        | 'messaging_limit_too_low'
        | 'metrics_unauthorized'
        | 'no_listener'
        | 'no_media_received'
        | 'no_media_sent'
        | 'no_media_signals'
        | 'not_a_permission_request'
        | 'not_allowed_now'
        | 'not_call_primary'
        | 'not_found'
        | 'not_in_allow_list'
        | 'number_deleted'
        | 'number_exists'
        | 'number_key_rejected'
        | 'number_not_registered'
        | 'number_on_business_app'
        | 'number_paused'
        | 'number_removing'
        | 'number_required'
        | 'number_suspended'
        | 'number_unproven'
        | 'origin_not_allowed'
        | 'other_number'
        | 'outcome_unknown'
        | 'pair_rate_limited'
        | 'partner_not_configured'
        | 'partner_permission_denied'
        | 'payload_too_large'
        | 'payment_required'
        | 'permission_already_permanent'
        | 'permission_denied'
        | 'permission_expired'
        | 'permission_request_failed'
        | 'permission_request_limit_reached'
        | 'permission_required'
        | 'pick_up_rate_low'
        | 'rate_limited'
        | 'recipient_country_restricted'
        | 'recipient_is_sender'
        | 'relay_unreachable'
        | 'report_delivery_exists'
        | 'request_in_progress'
        | 'request_timeout'
        | 'restriction_unknown'
        | 'route_not_found'
        | 'secret_unreadable'
        | 'secrets_key_missing'
        | 'session_required'
        | 'shutting_down'
        | 'sip_enabled'
        | 'sip_not_configured'
        | 'spam_rate_limited'
        | 'store_unavailable'
        | 'template_media_failed'
        | 'template_parameters_invalid'
        | 'template_paused'
        | 'template_refused'
        | 'template_unavailable'
        | 'too_many_bodies'
        | 'too_many_confirmations'
        | 'too_many_report_deliveries'
        | 'too_many_requests'
        | 'too_many_subscriptions'
        | 'unauthenticated'
        | 'undocumented_calling_code'
        | 'unknown_number'
        | 'unsupported_content_encoding'
        | 'unsupported_media_type'
        | 'upstream_busy'
        | 'upstream_circuit_open'
        | 'upstream_error'
        | 'upstream_forbidden'
        | 'upstream_key_rejected'
        | 'upstream_login_failed'
        | 'upstream_path_unknown'
        | 'upstream_reason_missing'
        | 'upstream_refused'
        | 'upstream_unavailable'
        | 'upstream_unreadable'
        | 'user_busy'
        | 'user_is_active'
        | 'user_opted_out'
        | 'user_unreachable'
        | 'webhook_elsewhere'
        | 'webhook_not_replaced'
        | 'webhook_occupied'
        | 'webhook_signature_invalid'
        | 'webhook_signature_missing'
        | 'webhook_silent'
        | 'webhook_unauthorized'
        | 'webhook_unregistered'
        | 'window_closed'
        | 'would_revoke_keys'
        | 'wrong_direction'
        | (string & Record<never, never>);
      /** @description What the owner or the caller should do next. */
      remedy: string;
      /** @description Whether the same request can succeed later without any change. */
      retryable: boolean;
      /**
       * Format: date-time
       * @description When asking again can succeed; null when unknown.
       */
      retry_at: string | null;
      /** @description What 360dialog or Meta said, exactly as it came; null when they were not asked. */
      upstream: {
        /** @description The HTTP status of their answer. */
        status: number;
        code: number | null;
        message: string | null;
        details: string | null;
        fbtrace_id: string | null;
      } | null;
      /** @description The fields at fault; empty when none is. */
      errors: {
        /** @description Its path. */
        field: string;
        /** @description What is wrong. */
        message: string;
      }[];
      /** @description With `number_exists`: Meta’s id of that number. */
      phone_number_id?: string;
      /** @description With `webhook_occupied`: the address that is registered, the values of its query redacted. */
      registered_url?: string;
      /** @description With `call_in_progress` and `user_is_active`: the call in the way; null when it is not known yet. */
      call?: components['schemas']['Call'] | null;
    };
    Projection: {
      /**
       * Format: date
       * @description When the goal will be reached at the present pace; `null` when nothing can be promised.
       */
      date: string | null;
      /** @description The earliest and the latest such date. */
      range: string[] | null;
      /**
       * Format: double
       * @description How often the truth should lie within `range`.
       */
      confidence: number;
      /**
       * Format: double
       * @description Conversations per day.
       */
      pace_per_day: number | null;
      /**
       * Format: double
       * @description The pace that fills the window.
       */
      required_pace_per_day: number | null;
      /** @description Why there is no date. */
      reason: string | null;
    };
    QuietHours: {
      /** @description The first minute, such as `21:00`. */
      from: string;
      /**
       * Format: date-time
       * @description The end, such as `08:00`; before `from` it is that of the next day.
       */
      until: string;
      /** @description An IANA time zone; left out or null: `COMPLIANCE_TIME_ZONE`. */
      time_zone?: string | null;
    };
    Readiness: {
      /**
       * @description `ok`, or why no request should come: `draining`, `store_unavailable`; `waiting_for_migration` until `npm run migrate` has been run.
       * @enum {string}
       */
      status: 'ok' | 'draining' | 'store_unavailable' | 'waiting_for_migration';
      /** @description `null` without forwarding, and until it was read. */
      forwarding: components['schemas']['ForwardHealth'] | null;
      /** @description `null` on SQLite. */
      events: components['schemas']['EventHealth'] | null;
    };
    RecentRefusal: {
      /** @description The error code of the catalogue. */
      code: string;
      /** @description Meta's number, if it gave one. */
      upstream_code: number | null;
      /** @description What was asked of 360dialog, such as `connect`. */
      operation: string;
      /** @description How often within the last 7 days. */
      count: number;
      /**
       * Format: date-time
       * @description The first one within the 7 days (RFC 3339).
       */
      first_at: string;
      /**
       * Format: date-time
       * @description The latest one (RFC 3339).
       */
      last_at: string;
      /** @description The latest call that was refused so. */
      example_call_id: string | null;
      /** @description Why it was refused. */
      cause: string | null;
      /** @description What the owner should do next. */
      remedy: string | null;
    };
    RefusedForward: {
      /** @description The gateway's id of the delivery. */
      id: number;
      /**
       * @description `set_aside`, or `replaying` until it was posted once more.
       * @enum {string}
       */
      state: 'set_aside' | 'replaying';
      /**
       * Format: date-time
       * @description When 360dialog delivered it (RFC 3339).
       */
      received_at: string;
      /** @description Attempts that failed, replays included. */
      attempts: number;
      /** @description The HTTP status of the target's last answer; `null` when none came. */
      response_status: number | null;
      /**
       * Format: date-time
       * @description The first refusal (RFC 3339).
       */
      first_refused_at: string;
      /**
       * Format: date-time
       * @description The last attempt that failed (RFC 3339).
       */
      last_refused_at: string;
    };
    RefusedForwardPage: {
      /** @description Oldest first. */
      data: components['schemas']['RefusedForward'][];
      /** @description `null` on the last page. */
      next_cursor: string | null;
    };
    RegisterWebhook: {
      /** @description `true` shows what would be replaced and changes nothing. */
      dry_run?: boolean | null;
      /** @description The address that may be replaced, as it was shown. */
      replaces?: string | null;
    };
    Registration: {
      /** @description Meta's id of the number. */
      phone_number_id: string;
      /** @description What is registered at 360dialog now; null when nothing is. */
      registered: components['schemas']['ShownWebhook'] | null;
      /** @description What the registration replaces or has replaced; null when that is nothing. */
      replaced: components['schemas']['ShownWebhook'] | null;
      /** @description Whether 360dialog delivers to this gateway now. */
      matches: boolean;
      /** @description Whether this request has changed it. */
      changed: boolean;
    };
    Remainder: {
      /** @description A stable word: `meta`, `backups`, `subscribers`, `forward`, `file` or `postgres`. */
      where: string;
      /** @description What is there, and what to do about it. */
      detail: string;
      /** @description For `subscribers`: which subscriptions received events about the person. */
      subscriptions?: string[];
    };
    Removal: {
      /**
       * Format: date-time
       * @description When it was asked for.
       */
      since: string;
      /** @description Whether the calls, reports and people of the number are deleted with it. */
      erases: boolean;
    };
    Replay: {
      /**
       * Format: date-time
       * @description Events that happened at or after this time.
       */
      since?: string | null;
      /**
       * Format: date-time
       * @description Events that happened before this time.
       */
      until?: string | null;
      /** @description Only the events with these ids, 1 to 200. */
      event_ids?: string[] | null;
    };
    ReplayForwards: {
      /** @description The ids of 1 to 200 deliveries. */
      ids?: number[] | null;
      /** @description `true` for every delivery that is set aside. */
      all?: boolean | null;
    };
    Replayed: {
      /** @description How many events the gateway will deliver again. */
      count: number;
    };
    ReplayedForwards: {
      /** @description Their ids. */
      replaying: number[];
      /** @description Ids that are not set aside: forwarded meanwhile, past their retention, or never refused. */
      not_found: number[];
    };
    Report: {
      /** @description The gateway’s own id. */
      id: string;
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /**
       * @description `live`, or `simulator` for the built-in 360dialog.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
      /** @description The day of the report. */
      period: components['schemas']['ReportPeriod'];
      /** @description 1 at first; late data makes the next one. */
      revision: number;
      /**
       * Format: date-time
       * @description When the revision was written (RFC 3339).
       */
      created_at: string;
      /** @description Business-initiated conversations to reach. */
      required_conversations: number;
      /** @description The length of the window in days. */
      window_days: number;
      /** @description What happened in the period. */
      figures: components['schemas']['PeriodMetrics'];
      /** @description What this revision restates of the one before. */
      changes: components['schemas']['Restatement'][];
      /** @description The status when the report was written. */
      standing: components['schemas']['ReportStatus'];
      /** @description Daily counts of the primary source, in the zone of its days. */
      series: components['schemas']['RollingDay'][];
      /** @description Calls by direction and outcome. */
      calls: components['schemas']['CallDay'][];
      /** @description The messaging limit as polls found it, oldest first. */
      tiers: components['schemas']['Tier'][];
    };
    ReportDelivery: {
      /** @description Begins with `rdl_`. */
      id: string;
      /** @description The address; the values of the query of a URL are redacted. */
      to: string;
      /**
       * @description How often.
       * @enum {string}
       */
      every: 'month' | 'day' | 'week';
      /**
       * @description The language of the reports.
       * @enum {string}
       */
      language: 'en' | 'es';
      /** @description The IANA time zone of its days, weeks and months. */
      time_zone: string;
      /** @description Only reports of this number; `null` for all numbers of its key. */
      phone_number_id: string | null;
      /** @description The id of the API key that it belongs to and ends with. */
      key_id: string;
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string;
      /**
       * @description `unconfirmed`: the reader has not pressed the button behind the link. `failing`: the latest attempt failed. `stopped`: for good, see `stopped_reason`.
       * @enum {string}
       */
      state: 'unconfirmed' | 'active' | 'failing' | 'stopped';
      /**
       * @description Why nothing more is sent. `unsubscribed`: the reader ended it. `key_deleted`, `key_suspended`, `scope_missing`, `number_not_reached`: its key may not have it any more. `gone`: the endpoint answered 410. To go on, make a new one.
       * @enum {string|null}
       */
      stopped_reason: 'unsubscribed' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'number_not_reached' | 'gone' | null;
      /**
       * Format: date-time
       * @description When an unconfirmed address was asked; it is asked once in 30 days at most. `null` when it was not.
       */
      asked_at: string | null;
      /** @description `null` before the first. */
      last_sent: components['schemas']['LastSent'] | null;
      /**
       * Format: date-time
       * @description When the period ends that is sent next, soon after its report is written; `null` while nothing is to come.
       */
      next_at: string | null;
      /** @description `null` while nothing has failed since the last success. */
      last_error: components['schemas']['DeliveryFailure'] | null;
    };
    ReportDeliveryPage: {
      /** @description The oldest first. */
      data: components['schemas']['ReportDelivery'][];
      /** @description The `cursor` of the next page; `null` on the last page. */
      next_cursor: string | null;
    };
    ReportDeliveryWithSecret: {
      /** @description Verifies the signatures of posts (Standard Webhooks). The gateway shows it only in this response; `null` for mail. */
      secret: string | null;
      /** @description Begins with `rdl_`. */
      id: string;
      /** @description The address; the values of the query of a URL are redacted. */
      to: string;
      /**
       * @description How often.
       * @enum {string}
       */
      every: 'month' | 'day' | 'week';
      /**
       * @description The language of the reports.
       * @enum {string}
       */
      language: 'en' | 'es';
      /** @description The IANA time zone of its days, weeks and months. */
      time_zone: string;
      /** @description Only reports of this number; `null` for all numbers of its key. */
      phone_number_id: string | null;
      /** @description The id of the API key that it belongs to and ends with. */
      key_id: string;
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string;
      /**
       * @description `unconfirmed`: the reader has not pressed the button behind the link. `failing`: the latest attempt failed. `stopped`: for good, see `stopped_reason`.
       * @enum {string}
       */
      state: 'unconfirmed' | 'active' | 'failing' | 'stopped';
      /**
       * @description Why nothing more is sent. `unsubscribed`: the reader ended it. `key_deleted`, `key_suspended`, `scope_missing`, `number_not_reached`: its key may not have it any more. `gone`: the endpoint answered 410. To go on, make a new one.
       * @enum {string|null}
       */
      stopped_reason: 'unsubscribed' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'number_not_reached' | 'gone' | null;
      /**
       * Format: date-time
       * @description When an unconfirmed address was asked; it is asked once in 30 days at most. `null` when it was not.
       */
      asked_at: string | null;
      /** @description `null` before the first. */
      last_sent: components['schemas']['LastSent'] | null;
      /**
       * Format: date-time
       * @description When the period ends that is sent next, soon after its report is written; `null` while nothing is to come.
       */
      next_at: string | null;
      /** @description `null` while nothing has failed since the last success. */
      last_error: components['schemas']['DeliveryFailure'] | null;
    };
    ReportGate: {
      /**
       * @description The direction of the calls.
       * @enum {string}
       */
      direction: 'inbound' | 'outbound';
      /** @description Such as `calling_enabled`. */
      name: string;
      /**
       * @description Only `fail` blocks; `unknown` never does.
       * @enum {string}
       */
      verdict: 'pass' | 'fail' | 'unknown' | 'warning';
      /** @description What was found; `null` is unknown. */
      value: string | number | null;
      /** @description What it must be; `null` when nothing is required. */
      required: string | number | null;
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source: string | null;
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string | null;
      /** @description A code of the catalogue. */
      code: string | null;
    };
    ReportLimitUsage: {
      /**
       * @description Whose people are counted: `portfolio` for all numbers of the gateway in it, `number` while the portfolio is unknown.
       * @enum {string}
       */
      scope: 'portfolio' | 'number';
      /** @description How many numbers of the gateway have the limit together; `null` while the portfolio is unknown. */
      shared_by: number | null;
      /** @description How many people got a template outside of the 24 h window within 24 h, each counted once; `null` is unknown. */
      people_24h: number | null;
      /** @description Whether webhooks covered the 24 h for each of these numbers; otherwise there may have been more. */
      complete: boolean;
    };
    ReportOverview: {
      /** @description The numbers, the first one first. */
      numbers: components['schemas']['OverviewLine'][];
      /** @description How many of them have a report. */
      reported: number;
      /** @description The calls of these reports added up. Their days may differ: each report has its own, and its zone. Conversations are not added up, since numbers of one client share a count. */
      calls: components['schemas']['CallMetrics'];
    };
    ReportPage: {
      /** @description The items of this page. */
      data: components['schemas']['ReportSummary'][];
      /** @description Give it as `cursor` for the next page; null on the last one. */
      next_cursor: string | null;
    };
    ReportPeriod: {
      /**
       * Format: date
       * @description A calendar day of `time_zone`.
       */
      date: string;
      /**
       * Format: date-time
       * @description Its first moment.
       */
      from: string;
      /**
       * Format: date-time
       * @description The first moment of the next day.
       */
      to: string;
      /** @description The IANA zone of the days. */
      time_zone: string;
    };
    ReportProjection: {
      /**
       * Format: date
       * @description A calendar day, `YYYY-MM-DD`.
       */
      date: string | null;
      /** @description The earliest and the latest day; `null` without a date. */
      range: string[] | null;
      /**
       * Format: double
       * @description How often the day should lie within `range`, 0 to 1.
       */
      confidence: number;
      /**
       * Format: double
       * @description Conversations per day at the present pace; `null` is unknown.
       */
      pace_per_day: number | null;
      /**
       * Format: double
       * @description Conversations per day that fill the window.
       */
      required_pace_per_day: number;
      /** @description Why a value is unknown or does not decide; `null` when nothing is missing. */
      reason: string | null;
    };
    ReportReading: {
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source: string;
      /** @description `conversation`, `message` or `unique_user`. */
      unit: string;
      /** @description `number`, `client` or `portfolio`. */
      scope: string;
      /** @description What was found; `null` is unknown. */
      value: number | null;
      /** @description All of them. */
      total: number | null;
      /** @description The IANA zone of the days. */
      time_zone: string;
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string;
      /** @description Why a value is unknown or does not decide; `null` when nothing is missing. */
      reason: string | null;
    };
    ReportStatus: {
      /**
       * Format: date-time
       * @description When the source was read (RFC 3339); `null` when it never was.
       */
      observed_at: string | null;
      /** @description Business-initiated conversations within the window; `null` is unknown. */
      business_initiated_conversations: number | null;
      /** @description All conversations within the window; `null` is unknown. */
      total_conversations: number | null;
      /** @description Conversations still missing; `null` is unknown. */
      remaining: number | null;
      /**
       * Format: double
       * @description Progress towards the goal, 0 to 1, rounded down; `null` is unknown.
       */
      progress: number | null;
      /** @description Whether the required number is reached; `null` is unknown. */
      meets_1k_requirement: boolean | null;
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source: string | null;
      /** @description Why a value is unknown or does not decide; `null` when nothing is missing. */
      reason: string | null;
      /**
       * Format: date
       * @description The first covered day; `null` without any.
       */
      coverage_from: string | null;
      /**
       * Format: date
       * @description The day after the last covered one; `null` without any.
       */
      coverage_to: string | null;
      /** @description Whether the whole window is covered. */
      coverage_complete: boolean;
      /** @description When the goal will be reached. */
      projection: components['schemas']['ReportProjection'];
      /** @description Meta’s word, such as `TIER_2K`; `null` is unknown. */
      messaging_limit: string | null;
      /** @description Unique users per 24 h; null when unlimited (see `messaging_limit`) or unknown, and in reports of earlier releases. */
      messaging_limit_users?: number | null;
      /** @description Unique users per 24 h that Meta asks for. */
      messaging_limit_required: number;
      /** @description Whether the limit suffices for calling; `null` is unknown. */
      meets_messaging_limit: boolean | null;
      /** @description Where the limit comes from; `null` is unknown. */
      messaging_limit_source: string | null;
      /** @description How much of the limit was used, and by how many numbers; missing in reports of earlier releases. */
      messaging_limit_usage?: components['schemas']['ReportLimitUsage'];
      /** @description Users who got a template outside of the 24 h window within 30 days; `null` is unknown. */
      template_users_30d: number | null;
      /**
       * @description Inbound calls.
       * @enum {string}
       */
      inbound: 'available' | 'blocked' | 'unknown';
      /**
       * @description Outbound calls.
       * @enum {string}
       */
      outbound: 'available' | 'blocked' | 'unknown';
      /** @description Every gate of both directions. */
      gates: components['schemas']['ReportGate'][];
      /** @description The count of every source. */
      readings: components['schemas']['ReportReading'][];
    };
    ReportSummary: {
      /** @description The gateway’s own id. */
      id: string;
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /** @description The day of the report. */
      period: components['schemas']['ReportPeriod'];
      /** @description 1 at first; late data makes the next one. */
      revision: number;
      /**
       * Format: date-time
       * @description When the revision was written (RFC 3339).
       */
      created_at: string;
      /** @description What happened in the period. */
      figures: components['schemas']['PeriodMetrics'];
      /** @description What this revision restates of the one before. */
      changes: components['schemas']['Restatement'][];
      /**
       * Format: uri-reference
       * @description The path of the whole report.
       */
      link: string;
    };
    RequestPermission: {
      /** @description Your text above the permission buttons; only inside the 24-hour window. */
      body?: string | null;
      /** @description Meta's own template object; needed outside the 24-hour window. */
      template?: {
        [key: string]: unknown;
      } | null;
      /** @description The user's phone number with country code, in any usual writing; `to` or `recipient`, exactly one of both. */
      to?: string | null;
      /** @description The user's business-scoped user id (BSUID), for users who hide their phone number; `to` or `recipient`, exactly one of both. */
      recipient?: string | null;
      /** @description The business number to call from; the configured one when left out. */
      phone_number_id?: string | null;
    } & (
      | {
          to: string;
        }
      | {
          recipient: string;
        }
    );
    Requirement: {
      /** @description Business-initiated conversations to reach. */
      conversations: number;
      /** @description Within so many days. */
      window_days: number;
    };
    Restatement: {
      /** @description The metric, such as `conversations.partner_api.total`. */
      field: string;
      /** @description The value in the revision before; `null` when it was absent. */
      before: number | null;
      /** @description The value now; `null` when it is absent. */
      after: number | null;
    };
    RollingDay: {
      /**
       * Format: date
       * @description A calendar day, `YYYY-MM-DD`.
       */
      date: string;
      /** @description Business-initiated conversations. */
      business_initiated: number;
      /** @description `null` when the source does not report it. */
      total: number | null;
      /** @description Business-initiated within the window that ends with this day; `null` where the source does not reach back so far. */
      in_window: number | null;
    };
    RotatedToken: {
      /** @description Meta's id of the number. */
      phone_number_id: string;
      /** @description What to register at 360dialog; null when the gateway has registered it. */
      register: components['schemas']['WebhookToRegister'] | null;
      /** @description Why the gateway could not register it, a code of the error catalogue; null when it could, or the webhook is not this gateway's. */
      problem: string | null;
    };
    SeriesDay: {
      /**
       * Format: date
       * @description A calendar day of the zone of the primary source.
       */
      date: string;
      /** @description Business-initiated conversations. */
      business_initiated: number;
      /** @description `null` when the source does not report it. */
      total: number | null;
    };
    SessionDescription: {
      /**
       * @description `offer` from the side that calls, `answer` from the side that is called.
       * @enum {string}
       */
      sdp_type: 'offer' | 'answer';
      /** @description SDP (RFC 8866) with CRLF line ends. */
      sdp: string;
    };
    SessionInput: {
      /**
       * @description `offer` when you call, `answer` when you are called.
       * @enum {string}
       */
      sdp_type: 'offer' | 'answer';
      /** @description SDP (RFC 8866): audio only, a sha-256 fingerprint, at most 64 KiB. */
      sdp: string;
    };
    SettingsPatch: {
      /** @description The members to change, in Meta's own shape. `call_hours` may be given in part: what is left out of it, the holidays above all, stays; `holiday_schedule: []` clears them. Members that only Meta sets may be left in as they were read and are not sent; otherwise they are refused by name. */
      calling: {
        [key: string]: unknown;
      };
      /** @description The business number; the configured one when left out. */
      phone_number_id?: string | null;
    };
    SettingsUpdated: {
      /** @description The business number. */
      phone_number_id: string;
      /** @description Meta's own `calling` object after the change, without SIP passwords. */
      calling: components['schemas']['MetaCalling'];
    };
    /** @description The calling settings of a number have changed. */
    SettingsUpdatedEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'settings.updated';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['SettingsUpdated'];
    };
    ShownQuietHours: {
      /** @description The first minute. */
      from: string;
      /**
       * Format: date-time
       * @description The end.
       */
      until: string;
      /** @description `null` for `COMPLIANCE_TIME_ZONE`. */
      time_zone: string | null;
    };
    ShownWebhook: {
      /** @description The values of its query are redacted. */
      url: string;
      /** @description The names of the headers that 360dialog replays. */
      headers: string[];
    };
    Snapshot: {
      /** @description The gateway’s own id. */
      id: string;
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /**
       * @description `running` until the sources have answered.
       * @enum {string}
       */
      state: 'running' | 'done' | 'failed';
      /**
       * @description What began it.
       * @enum {string}
       */
      cause: 'start' | 'schedule' | 'request';
      /**
       * Format: date-time
       * @description When the poll began (RFC 3339).
       */
      started_at: string;
      /**
       * Format: date-time
       * @description When it ended (RFC 3339); `null` while it runs.
       */
      finished_at: string | null;
      /** @description `null` until it is done, and when it failed. */
      figures: components['schemas']['SnapshotMetrics'] | null;
    };
    SnapshotCoverage: {
      /**
       * Format: date
       * @description The first covered day; `null` without any.
       */
      from: string | null;
      /**
       * Format: date
       * @description The day after the last.
       */
      to: string | null;
      /** @description Whether that is the whole window. */
      complete: boolean;
    };
    SnapshotEvent: {
      /** @description Business-initiated conversations within the window; `null` is unknown. */
      business_initiated_conversations: number | null;
      /** @description All conversations within the window; `null` is unknown. */
      total_conversations: number | null;
      /** @description Whether the required number is reached; `null` is unknown. */
      meets_1k_requirement: boolean | null;
      /** @description The primary source. */
      source: string | null;
      /** @description The days that the source covers. */
      coverage: components['schemas']['SnapshotCoverage'];
      /** @description Why a count or its verdict is unknown. */
      reason: string | null;
      /** @description The messaging limit of the portfolio; `null` is unknown. */
      messaging_limit: components['schemas']['SnapshotLimit'];
      /** @description Users who got a template outside of the 24 h window within 30 days. */
      template_users_30d: number | null;
      /** @description Inbound calls. */
      inbound: components['schemas']['SnapshotVerdict'];
      /** @description Outbound calls. */
      outbound: components['schemas']['SnapshotVerdict'];
      /**
       * Format: date-time
       * @description When the last delivery of any kind arrived (RFC 3339); `null` before the first.
       */
      last_delivery_at: string | null;
      /** @description No delivery for a day; `null` when there never was one. */
      webhook_silent: boolean | null;
      /** @description The result of reading each source. */
      sources: components['schemas']['SourceResult'][];
      /** @description The id of the snapshot. */
      id: string;
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
    };
    SnapshotLimit: {
      /** @description Meta's word, such as `TIER_2K`. */
      tier: string | null;
      /** @description Unique users per 24 h; `null` when unlimited or unknown. */
      limit: number | null;
      /** @description Whether the limit suffices for calling; `null` is unknown. */
      meets: boolean | null;
      /** @description Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
      source: string | null;
    };
    SnapshotMetrics: {
      /** @description Business-initiated conversations within the window; `null` is unknown. */
      business_initiated_conversations: number | null;
      /** @description All conversations within the window; `null` is unknown. */
      total_conversations: number | null;
      /** @description Whether the required number is reached; `null` is unknown. */
      meets_1k_requirement: boolean | null;
      /** @description The primary source. */
      source: string | null;
      /** @description The days that the source covers. */
      coverage: components['schemas']['SnapshotCoverage'];
      /** @description Why a count or its verdict is unknown. */
      reason: string | null;
      /** @description The messaging limit of the portfolio; `null` is unknown. */
      messaging_limit: components['schemas']['SnapshotLimit'];
      /** @description Users who got a template outside of the 24 h window within 30 days. */
      template_users_30d: number | null;
      /** @description Inbound calls. */
      inbound: components['schemas']['SnapshotVerdict'];
      /** @description Outbound calls. */
      outbound: components['schemas']['SnapshotVerdict'];
      /**
       * Format: date-time
       * @description When the last delivery of any kind arrived (RFC 3339); `null` before the first.
       */
      last_delivery_at: string | null;
      /** @description No delivery for a day; `null` when there never was one. */
      webhook_silent: boolean | null;
      /** @description The result of reading each source. */
      sources: components['schemas']['SourceResult'][];
    };
    SnapshotPage: {
      /** @description The items of this page. */
      data: components['schemas']['Snapshot'][];
      /** @description Give it as `cursor` for the next page; null on the last one. */
      next_cursor: string | null;
    };
    SnapshotVerdict: {
      /**
       * @description `available` is proven, `blocked` has a failing gate; else `unknown`.
       * @enum {string}
       */
      verdict: 'available' | 'blocked' | 'unknown';
      /** @description The gates that failed. */
      failed: string[];
    };
    SourceResult: {
      /** @description Such as `partner_api.balance`. */
      source: string;
      /**
       * @description `read`; `kept` when another number's poll has read it for all that share it, or its turn has not come; `failed`; `not_known` while no client or channel of the partner is known to be the number's; `not_configured` without credentials.
       * @enum {string}
       */
      outcome: 'read' | 'kept' | 'failed' | 'not_known' | 'not_configured';
      /** @description The error code when it failed. */
      code: string | null;
      /**
       * Format: date-time
       * @description When what it says was read (RFC 3339); `null` when it was not, and in snapshots of earlier releases.
       */
      observed_at: string | null;
    };
    Span: {
      /**
       * @description `day`, `week` or `month`.
       * @enum {string}
       */
      every: 'day' | 'week' | 'month';
      /**
       * Format: date
       * @description The first day.
       */
      first: string;
      /**
       * Format: date
       * @description The last day itself.
       */
      last: string;
    };
    Status: {
      /** @description `calling.status` of the number, such as `ENABLED`, `DISABLED` or `NOT_SET`. */
      calling_status: string | null;
      /** @description Whether WhatsApp asks callers for the permission to call them back. */
      callback_permission: string | null;
      /** @description Whether the required number of business-initiated conversations is reached. */
      meets_1k_requirement: boolean | null;
      /** @description Business-initiated conversations within the window; `null` is unknown. */
      business_initiated_conversations: number | null;
      /** @description All conversations within the window; `null` is unknown. */
      total_conversations: number | null;
      /** @description Inbound calls. */
      inbound: components['schemas']['Direction'];
      /** @description Outbound calls. */
      outbound: components['schemas']['Direction'];
      /** @description Where deliveries go, and when the last ones arrived. */
      webhook: components['schemas']['WebhookStatus'];
      /** @description The diagnosis in one sentence. */
      headline: string;
      /** @description What 360dialog refused within 7 days, the latest first. */
      recent_refusals: components['schemas']['RecentRefusal'][];
      /** @description `null` while no webhook has shown that an agent holds a thread. */
      business_agent: components['schemas']['BusinessAgent'] | null;
      /** @description The requests of this process to 360dialog. */
      upstream: components['schemas']['Upstream'];
      /** @description Subscriptions that are paused because their key is deleted or lacks a scope of what they carry; a `PATCH` with another key resumes one. */
      subscriptions_paused: number;
      /** @description What waits to be forwarded, and what its target refused; `null` without forwarding. */
      forwarding: components['schemas']['ForwardingStatus'] | null;
      /** @description Where each value comes from, and how old it is. */
      figures: {
        [key: string]: components['schemas']['Metric'];
      };
      /** @description The business number, by its id at Meta. */
      phone_number_id: string;
      /**
       * @description `live`, or `simulator` for the built-in 360dialog.
       * @enum {string}
       */
      mode: 'live' | 'simulator';
      /**
       * Format: date-time
       * @description When the answer was made (RFC 3339).
       */
      checked_at: string;
    };
    StoredRow: {
      /** @description The business number that it belongs to, in tables that name one; null or empty where none was known. */
      phone_number_id?: string | null;
    } & {
      [key: string]: unknown;
    };
    Subscription: {
      /** @description Begins with `sub_`. */
      id: string;
      /** @description Where events are posted; the values of its query are redacted. */
      url: string;
      /** @description A note for people; `null` for none. */
      description: string | null;
      /**
       * @description How events are posted.
       * @enum {string}
       */
      format: 'meta' | 'standard';
      /** @description Only events of these types; `null` for all. Empty in the format `meta`, which carries none of the gateway's events. */
      types:
        | (
            | 'account.restricted'
            | 'call.incoming'
            | 'call.claimed'
            | 'call.ready'
            | 'call.connected'
            | 'call.answered'
            | 'call.updated'
            | 'call.ended'
            | 'permission.updated'
            | 'settings.updated'
            | 'compliance.snapshot'
            | 'compliance.report'
            | 'compliance.eligibility_changed'
            | 'webhook.silent'
            | 'number.added'
            | 'number.changed'
            | 'number.removed'
            | 'number.key_rejected'
            | 'subscription.disabled'
            | 'subscription.gap'
          )[]
        | null;
      /** @description In the format `meta`, the fields of Meta's webhooks; `null` in `standard`. */
      fields: ('calls' | 'account_settings_update' | 'messages')[] | null;
      /** @description What deliveries may show. */
      scopes: (
        | 'calls:dial'
        | 'calls:control'
        | 'calls:read'
        | 'permissions:read'
        | 'permissions:ask'
        | 'status:read'
        | 'compliance:read'
        | 'compliance:write'
        | 'settings:read'
        | 'settings:write'
        | 'events:read'
        | 'subscriptions:write'
        | 'keys:admin'
        | 'data:erase'
        | 'data:export'
        | 'numbers:read'
        | 'numbers:admin'
        | 'audit:read'
      )[];
      /** @description Only events of this number; `null` for all numbers. */
      phone_number_id: string | null;
      /** @description The id of the API key that created it. */
      created_by: string;
      /** @description The id of the API key that it belongs to: the last one that created or changed it. It is paused when that key is deleted. */
      key_id: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      created_at: string;
      /**
       * @description `disabled`: the gateway stopped the deliveries; `PATCH` with `"paused": false` resumes them, as it does those that are paused.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'disabled';
      /**
       * Format: date-time
       * @description When the gateway disabled or paused it; `null` when it did neither.
       */
      disabled_at: string | null;
      /**
       * @description Why the gateway stopped it. `gone`: the endpoint answered 410. `failing`: every attempt of five days failed. `key_deleted`: its key was deleted. `key_suspended`: its key was suspended. `scope_missing`: its key lacks a scope of what it carries. A `PATCH` by a key with these scopes makes it that key's. `secret_unreadable`: its secret was changed or moved in the database; `POST …/rotate-secret` makes a new one.
       * @enum {string|null}
       */
      disabled_reason: 'gone' | 'failing' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'secret_unreadable' | null;
      /** @description Failed attempts since the last success. */
      failures: number;
      /**
       * Format: date-time
       * @description When the first of these attempts failed; `null` without one.
       */
      failing_since: string | null;
      /**
       * Format: date-time
       * @description The gateway sends nothing before: the endpoint sent `Retry-After`, or is down and gets one attempt at a time. `null` for no wait.
       */
      held_until: string | null;
      /**
       * Format: date-time
       * @description Until when a replaced secret signs beside the present one; `null` for none.
       */
      previous_secret_until: string | null;
      /** @description The last loss of events while it was paused, disabled or behind; `subscription.gap` reports it as well. `null` for none. */
      gap: components['schemas']['Gap'] | null;
    };
    SubscriptionDisabled: {
      /** @description The id of the subscription, `sub_…`. */
      id: string;
      /** @description Its note for people; null for none. */
      description: string | null;
      /**
       * @description `disabled` by its endpoint, `paused` by its key.
       * @enum {string}
       */
      state: 'paused' | 'disabled';
      /**
       * Format: date-time
       * @description When the gateway stopped it.
       */
      disabled_at: string;
      /**
       * @description Why the gateway stopped it.
       * @enum {string}
       */
      disabled_reason: 'gone' | 'failing' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'secret_unreadable';
      /**
       * Format: date-time
       * @description When the first of its failed attempts failed; null without one.
       */
      failing_since: string | null;
      /** @description Failed attempts since the last success. */
      failures: number;
    };
    /** @description A subscription has stopped: its endpoint said 410 or failed for five days, or its key was deleted or lacks a scope. */
    SubscriptionDisabledEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'subscription.disabled';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['SubscriptionDisabled'];
    };
    SubscriptionGap: {
      /** @description The id of the subscription, `sub_…`. */
      id: string;
      /** @description Its note for people; null for none. */
      description: string | null;
      /** @description How many wanted events were lost. */
      events: number;
      /**
       * Format: date-time
       * @description When the first of them happened.
       */
      from: string;
      /**
       * Format: date-time
       * @description When the last of them happened.
       */
      until: string;
      /**
       * Format: uri-reference
       * @description The path that lists every call of the lost events in its present state.
       */
      calls: string;
    };
    /** @description Events were deleted before a subscription that was paused, disabled or behind for more than a week got them. */
    SubscriptionGapEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'subscription.gap';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['SubscriptionGap'];
    };
    SubscriptionPage: {
      /** @description The oldest first. */
      data: components['schemas']['Subscription'][];
      /** @description The `cursor` of the next page; `null` on the last page. */
      next_cursor: string | null;
    };
    SubscriptionWithSecret: {
      /** @description Verifies the signatures of deliveries: of Standard Webhooks or, in the format `meta`, as an app secret. The gateway shows it only in this response. */
      secret: string;
      /** @description Begins with `sub_`. */
      id: string;
      /** @description Where events are posted; the values of its query are redacted. */
      url: string;
      /** @description A note for people; `null` for none. */
      description: string | null;
      /**
       * @description How events are posted.
       * @enum {string}
       */
      format: 'meta' | 'standard';
      /** @description Only events of these types; `null` for all. Empty in the format `meta`, which carries none of the gateway's events. */
      types:
        | (
            | 'account.restricted'
            | 'call.incoming'
            | 'call.claimed'
            | 'call.ready'
            | 'call.connected'
            | 'call.answered'
            | 'call.updated'
            | 'call.ended'
            | 'permission.updated'
            | 'settings.updated'
            | 'compliance.snapshot'
            | 'compliance.report'
            | 'compliance.eligibility_changed'
            | 'webhook.silent'
            | 'number.added'
            | 'number.changed'
            | 'number.removed'
            | 'number.key_rejected'
            | 'subscription.disabled'
            | 'subscription.gap'
          )[]
        | null;
      /** @description In the format `meta`, the fields of Meta's webhooks; `null` in `standard`. */
      fields: ('calls' | 'account_settings_update' | 'messages')[] | null;
      /** @description What deliveries may show. */
      scopes: (
        | 'calls:dial'
        | 'calls:control'
        | 'calls:read'
        | 'permissions:read'
        | 'permissions:ask'
        | 'status:read'
        | 'compliance:read'
        | 'compliance:write'
        | 'settings:read'
        | 'settings:write'
        | 'events:read'
        | 'subscriptions:write'
        | 'keys:admin'
        | 'data:erase'
        | 'data:export'
        | 'numbers:read'
        | 'numbers:admin'
        | 'audit:read'
      )[];
      /** @description Only events of this number; `null` for all numbers. */
      phone_number_id: string | null;
      /** @description The id of the API key that created it. */
      created_by: string;
      /** @description The id of the API key that it belongs to: the last one that created or changed it. It is paused when that key is deleted. */
      key_id: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      created_at: string;
      /**
       * @description `disabled`: the gateway stopped the deliveries; `PATCH` with `"paused": false` resumes them, as it does those that are paused.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'disabled';
      /**
       * Format: date-time
       * @description When the gateway disabled or paused it; `null` when it did neither.
       */
      disabled_at: string | null;
      /**
       * @description Why the gateway stopped it. `gone`: the endpoint answered 410. `failing`: every attempt of five days failed. `key_deleted`: its key was deleted. `key_suspended`: its key was suspended. `scope_missing`: its key lacks a scope of what it carries. A `PATCH` by a key with these scopes makes it that key's. `secret_unreadable`: its secret was changed or moved in the database; `POST …/rotate-secret` makes a new one.
       * @enum {string|null}
       */
      disabled_reason: 'gone' | 'failing' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'secret_unreadable' | null;
      /** @description Failed attempts since the last success. */
      failures: number;
      /**
       * Format: date-time
       * @description When the first of these attempts failed; `null` without one.
       */
      failing_since: string | null;
      /**
       * Format: date-time
       * @description The gateway sends nothing before: the endpoint sent `Retry-After`, or is down and gets one attempt at a time. `null` for no wait.
       */
      held_until: string | null;
      /**
       * Format: date-time
       * @description Until when a replaced secret signs beside the present one; `null` for none.
       */
      previous_secret_until: string | null;
      /** @description The last loss of events while it was paused, disabled or behind; `subscription.gap` reports it as well. `null` for none. */
      gap: components['schemas']['Gap'] | null;
    };
    Test: {
      /** @description Whether the endpoint answered 2xx. */
      delivered: boolean;
      /** @description The HTTP status of the endpoint; `null` without a response. */
      response_status: number | null;
      /** @description Milliseconds until the response or the fault. */
      latency_ms: number;
      /** @description Why there was no response; `null` with one. */
      error: string | null;
      /** @description The request as it was sent. */
      request: components['schemas']['TestRequest'];
    };
    TestRequest: {
      /** @description The values of its query are redacted. */
      url: string;
      /** @description The headers of Standard Webhooks. */
      headers: {
        [key: string]: string;
      };
      /** @description The exact text that was signed. */
      body: string;
    };
    Tier: {
      /**
       * Format: date-time
       * @description When a poll first found this tier.
       */
      since: string;
      /** @description Meta’s word, such as `TIER_2K`. */
      tier: string;
    };
    Timeline: {
      /** @description The gateway's id of the call. */
      id: string;
      /** @description Meta's id (`wacid.…`); null until 360dialog has returned it. */
      call_id: string | null;
      /** @description The entries. */
      data: components['schemas']['TimelineEntry'][];
    };
    TimelineEntry: {
      /**
       * Format: date-time
       * @description When it happened.
       */
      at: string;
      /**
       * @description `request` and `answer`: with 360dialog; `webhook`: reported by Meta; `state`: derived by the gateway; `command`: a verb of a key.
       * @enum {string}
       */
      kind: 'request' | 'answer' | 'webhook' | 'state' | 'command';
      /** @description The operation, the webhook's event, the new state or the verb. */
      name: string;
      /** @description Details without SDP, keys and numbers. */
      data: {
        [key: string]: unknown;
      };
    };
    Token: {
      /** @description `Authorization: Bearer <token>`. Shown this once. */
      token: string;
      /** @description What the token may do. */
      scopes: (
        | 'calls:dial'
        | 'calls:control'
        | 'calls:read'
        | 'permissions:read'
        | 'permissions:ask'
        | 'status:read'
        | 'compliance:read'
        | 'compliance:write'
        | 'settings:read'
        | 'settings:write'
        | 'events:read'
        | 'subscriptions:write'
        | 'keys:admin'
        | 'data:erase'
        | 'data:export'
        | 'numbers:read'
        | 'numbers:admin'
        | 'audit:read'
      )[];
      /**
       * Format: date-time
       * @description RFC 3339.
       */
      expires_at: string;
    };
    TrendSpan: {
      /**
       * Format: date
       * @description The first day.
       */
      first: string;
      /**
       * Format: date
       * @description The last day itself.
       */
      last: string;
      /** @description How many of its days have a report. */
      reported_days: number;
      /** @description Outbound calls that were picked up. */
      outbound_answered: number | null;
      /** @description Outbound calls that were not. */
      outbound_unanswered: number | null;
      /** @description Inbound calls that were picked up. */
      inbound_answered: number | null;
      /** @description Inbound calls that were missed. */
      inbound_missed: number | null;
    };
    UnreadField: {
      /** @description As Meta names it, such as `message_template_status_update`; `other` beyond 50 names. */
      field: string;
      /** @description How many elements have arrived on it, duplicates left out. */
      elements: number;
      /**
       * Format: date-time
       * @description When the first one arrived (RFC 3339).
       */
      first_at: string;
      /**
       * Format: date-time
       * @description When the latest one arrived (RFC 3339).
       */
      last_at: string;
    };
    Upstream: {
      /**
       * @description `closed`: requests are sent. `open`: after failures in a row only ends of calls are. `half_open`: one request is sent to find out.
       * @enum {string}
       */
      circuit: 'closed' | 'open' | 'half_open';
      /**
       * Format: date-time
       * @description Since when the circuit is in this state (RFC 3339).
       */
      since: string;
      /**
       * Format: date-time
       * @description When the next request may be sent (RFC 3339); `null` unless the circuit is open.
       */
      retry_at: string | null;
      /** @description Requests under way; 32 at most. */
      under_way: number;
      /** @description Requests that wait until another ends. */
      waiting: number;
    };
    UpstreamRule: {
      /** @description Such as `permission_requests_per_day`. */
      id: string;
      /** @description The value that the gateway applies where no live limit says otherwise. */
      value: string | number;
      /** @description What the value counts, such as `requests_per_24h`; `null` when it counts nothing. */
      unit: string | null;
      /** @description The page that states it. */
      source: string;
      /** @description The date that the page bore; `null` where it bears none. */
      page_date: string | null;
      /** @description The day on which the rule was last compared with its page. */
      checked_on: string;
    };
    WebhookSignature: {
      /**
       * @description `off` without `D360_WEBHOOK_SIGNING_SECRET`: signatures are noticed and not checked. It belongs to the number of the environment: for others they are not looked at.
       * @enum {string}
       */
      mode: 'off' | 'require' | 'observe';
      /**
       * Format: date-time
       * @description When this process began to count.
       */
      since: string;
      /** @description Whether the newest delivery carried the header; `null` before any. */
      header_seen: boolean | null;
      /**
       * Format: date-time
       * @description The newest delivery whose signature was right, or was not checked.
       */
      last_signed_at: string | null;
      /**
       * Format: date-time
       * @description The newest delivery without a right signature, while there is a secret.
       */
      last_refused_at: string | null;
      /** @description Deliveries without the header; with `require` they were refused. */
      unsigned: number;
      /** @description Deliveries with a signature that does not fit; with `require` they were refused. */
      invalid: number;
    };
    WebhookSilent: {
      /** @description The business number. */
      phone_number_id: string;
      /** @description Whether no delivery has arrived for a day; false when deliveries come again. */
      silent: boolean;
      /**
       * Format: date-time
       * @description When the last delivery of any kind arrived; null before the first.
       */
      last_delivery_at: string | null;
    };
    /** @description Deliveries of 360dialog have stopped, or come again. */
    WebhookSilentEvent: {
      /** @description Opaque; resumes a stream, and is the same on every attempt of a delivery. */
      id: string;
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      type: 'webhook.silent';
      /**
       * Format: date-time
       * @description When it happened.
       */
      occurred_at: string;
      /** @description Rises per subject; for a call event, of that call. */
      sequence: number;
      /** @description The business number; null for an event of no number. */
      phone_number_id: string | null;
      data: components['schemas']['WebhookSilent'];
    };
    WebhookStatus: {
      /** @description Where 360dialog delivers; the values of a query are redacted. */
      registered_url: string | null;
      /** @description Whether that is this gateway's address. */
      matches_public_url: boolean | null;
      /**
       * Format: date-time
       * @description When the last delivery of any kind arrived.
       */
      last_delivery_at: string | null;
      /**
       * Format: date-time
       * @description When the last delivery about a call arrived.
       */
      last_call_event_at: string | null;
      /** @description Fields of webhooks that the gateway does not read, the latest first; 50 at most have a name. */
      unread_fields: components['schemas']['UnreadField'][];
      /** @description 360dialog's signature on deliveries, as this process has seen it. */
      signature: components['schemas']['WebhookSignature'];
    };
    WebhookToRegister: {
      /** @description Where its webhooks are to go. */
      url: string;
      /** @description The header that 360dialog must replay on each delivery. It is shown this once. */
      headers: {
        [key: string]: string;
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export interface operations {
  makeCall: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['MakeCall'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  connectCall: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CallSession'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  preAcceptCall: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CallSession'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  acceptCall: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Accept'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rejectCall: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CallId'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  terminateCall: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CallId'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  releaseCall: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CallId'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  requestPermission: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RequestPermission'];
      };
    };
    responses: {
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PermissionRequested'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPreflight: {
    parameters: {
      query?: {
        /** @description `false` if make-call would be sent without an offer. Default `true`. */
        session?: 'true' | 'false';
        /** @description `true` if a template would be sent along for asking. Default `false`. */
        template?: 'true' | 'false';
        /** @description The user's phone number with country code, in any usual writing; `to` or `recipient`, exactly one of both. */
        to?: string;
        /** @description The user's business-scoped user id (BSUID), for users who hide their phone number; `to` or `recipient`, exactly one of both. */
        recipient?: string;
        /** @description The business number to call from; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preflight'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getStatus: {
    parameters: {
      query?: {
        /** @description `true` reads every value again; otherwise readings of the last 60 s are used. */
        refresh?: 'true' | 'false';
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Status'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPermission: {
    parameters: {
      query?: {
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path: {
        /** @description A phone number with its country code, in any usual writing, or a business-scoped user id (BSUID). */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Permission'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCalls: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description Calls in this state now. */
        state?: 'awaiting_permission' | 'ready' | 'dialing' | 'ringing' | 'accepting' | 'in_progress' | 'ended';
        /** @description Calls of this direction. */
        direction?: 'inbound' | 'outbound';
        /** @description Calls with this outcome. */
        outcome?: 'answered' | 'rejected' | 'missed' | 'no_answer' | 'canceled' | 'permission_denied' | 'expired' | 'failed' | 'unknown';
        /** @description A phone number in any writing, or a BSUID: calls with that person under any of their addresses. */
        user?: string;
        /** @description Calls created at or after this time. */
        since?: string;
        /** @description Calls created before this time. */
        until?: string;
        /** @description Calls of this business number. */
        phone_number_id?: string;
        /** @description `csv` exports every call that matches; it overrides `Accept`. */
        format?: 'json' | 'csv';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CallPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCall: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The gateway's id of the call (`call_…`) or its `wacid`, percent-encoded. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Call'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCallTimeline: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The gateway's id of the call (`call_…`) or its `wacid`, percent-encoded. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Timeline'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCallBundle: {
    parameters: {
      query?: {
        /** @description `true` shows numbers and names in full, for keys with `calls:control`. */
        full?: 'true' | 'false';
      };
      header?: never;
      path: {
        /** @description The gateway's id of the call (`call_…`) or its `wacid`, percent-encoded. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Bundle'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  holdLease: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The gateway's id of the call (`call_…`) or its `wacid`, percent-encoded. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LeaseWish'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Lease'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  releaseLease: {
    parameters: {
      query: {
        /** @description The `holder` that has the lease. */
        holder: string;
      };
      header?: never;
      path: {
        /** @description The gateway's id of the call (`call_…`) or its `wacid`, percent-encoded. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getIceServers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IceServers'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCallingSettings: {
    parameters: {
      query?: {
        /** @description The business number; the configured one when left out. */
        phone_number_id?: string;
        /** @description `true` reads again from 360dialog, and fails rather than return an older value. */
        refresh?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CallingSettings'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeCallingSettings: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SettingsPatch'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ChangedSettings'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSubscriptions: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubscriptionPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateSubscription'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubscriptionWithSecret'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSubscription: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscription'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSubscription: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeSubscription: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeSubscription'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscription'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateSubscriptionSecret: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubscriptionWithSecret'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDeliveries: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description Only deliveries with this status. */
        status?: 'delivered' | 'retrying' | 'exhausted';
      };
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventDeliveryPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replaySubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Replay'];
      };
    };
    responses: {
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Replayed'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  testSubscription: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Test'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listErrors: {
    parameters: {
      query?: {
        /** @description Only entries of this kind. */
        kind?: 'access' | 'call' | 'input' | 'media' | 'not_found' | 'number' | 'person' | 'rate' | 'unavailable' | 'upstream';
        /** @description Only entries that the gateway answers with this HTTP status. */
        status?: 400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 422 | 429 | 431 | 500 | 502 | 503;
        /** @description The page size, 1 to 200; the default of 200 holds the whole catalogue. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorList'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getError: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description An error code such as `permission_required`, or a number of Meta such as `138006`. */
        code: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorEntry'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainError: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description Any JSON, or `{ "text": "…" }`. */
    requestBody: {
      content: {
        'application/json': Record<string, never> | unknown[] | string | number | boolean | null;
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Explanation'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getConversationRequirements: {
    parameters: {
      query?: {
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConversationRequirements'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEligibility: {
    parameters: {
      query?: {
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Eligibility'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  checkCompliance: {
    parameters: {
      query?: {
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Snapshot'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSnapshots: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SnapshotPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSnapshot: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Snapshot'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDeclarations: {
    parameters: {
      query?: {
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Declarations'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setDeclarations: {
    parameters: {
      query?: {
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Declare'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Declarations'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listReports: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description Which business numbers, separated by commas; all that the key reaches when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLatestReport: {
    parameters: {
      query?: {
        /** @description Goes before `Accept`: `json`, `csv`, or `html`, a page with charts that prints well. */
        format?: 'json' | 'csv' | 'html';
        /** @description The language of the page; `Accept-Language` when left out. */
        lang?: 'en' | 'es';
        /** @description The IANA time zone in which the page shows times; that of the number when left out. */
        time_zone?: string;
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ComparedReport'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReportOverview: {
    parameters: {
      query?: {
        /** @description Goes before `Accept`: `json`, `csv`, or `html`, a page with charts that prints well. */
        format?: 'json' | 'csv' | 'html';
        /** @description The language of the page; `Accept-Language` when left out. */
        lang?: 'en' | 'es';
        /** @description The IANA time zone in which the page shows times; that of the number when left out. */
        time_zone?: string;
        /** @description Which business numbers, separated by commas; all that the key reaches when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportOverview'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPeriodReports: {
    parameters: {
      query?: {
        /** @description Goes before `Accept`: `json`, `csv`, or `html`, a page with charts that prints well. */
        format?: 'json' | 'csv' | 'html';
        /** @description The language of the page; `Accept-Language` when left out. */
        lang?: 'en' | 'es';
        /** @description The IANA time zone in which the page shows times; that of the number when left out. */
        time_zone?: string;
        /** @description Which business numbers, separated by commas; all that the key reaches when left out. */
        phone_number_id?: string;
        /** @description A day, a week from Monday to Sunday, or a month. */
        every?: 'day' | 'week' | 'month';
        /** @description Any day of it, `YYYY-MM-DD`; the latest with reports to its end when left out. */
        date?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PeriodReports'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReport: {
    parameters: {
      query?: {
        /** @description Goes before `Accept`: `json`, `csv`, or `html`, a page with charts that prints well. */
        format?: 'json' | 'csv' | 'html';
        /** @description The language of the page; `Accept-Language` when left out. */
        lang?: 'en' | 'es';
        /** @description The IANA time zone in which the page shows times; that of the number when left out. */
        time_zone?: string;
        /** @description Which business number; the configured one when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ComparedReport'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listReportDeliveries: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportDeliveryPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createReportDelivery: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateReportDelivery'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportDeliveryWithSecret'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReportDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportDelivery'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteReportDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNumbers: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description Only numbers whose key 360dialog refused or that cannot be read, or whose webhooks go elsewhere. */
        unhealthy?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NumberList'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addNumber: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AddNumber'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddedNumber'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getNumber: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Meta's id of the business number. */
        phone_number_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Number'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeNumber: {
    parameters: {
      query?: {
        /** @description `true` deletes its calls, reports and people now; it needs `data:erase`, too. */
        erase?: 'true' | 'false';
      };
      header?: never;
      path: {
        /** @description Meta's id of the business number. */
        phone_number_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Number'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeNumber: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Meta's id of the business number. */
        phone_number_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeNumber'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Number'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  registerNumberWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Meta's id of the business number. */
        phone_number_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RegisterWebhook'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Registration'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  restoreNumberWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Meta's id of the business number. */
        phone_number_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Registration'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateWebhookToken: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Meta's id of the business number. */
        phone_number_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RotatedToken'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listChannels: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description `true` reads them anew; otherwise a list that is younger than 15 minutes is shown. */
        refresh?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PartnerChannelList'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  adoptChannel: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AdoptChannel'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddedNumber'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyList'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateApiKey'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeApiKey'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeletedApiKey'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id, as another answer shows it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeApiKey'];
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAuditEntries: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description The id of the key that acted, also of one that is deleted. */
        key_id?: string;
        /** @description The action exactly as entries have it, such as `POST /api/keys` or `key.used`. */
        action?: string;
        /** @description Entries about this business number, or about all. */
        phone_number_id?: string;
        /** @description Entries at or after this time. */
        since?: string;
        /** @description Entries before this time. */
        until?: string;
        /** @description `csv` exports every entry that matches; it overrides `Accept`. */
        format?: 'json' | 'csv';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateToken'];
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Token'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  eraseUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description A phone number with its country code, in any usual writing, or a business-scoped user id (BSUID). */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Erasure'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description A phone number with its country code, in any usual writing, or a business-scoped user id (BSUID). */
        user: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PersonExport'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  findUsers: {
    parameters: {
      query: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
        /** @description Words of a name or a user name, each from its beginning, in any order, without regard to accents and case; a phone number, its beginning or its last digits, with or without `+` and spaces; a BSUID; or the whole `reference` of a call. Of several words each must be found. */
        search: string;
        /** @description People of this business number; of all numbers of the key when left out. */
        phone_number_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PeoplePage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSetAside: {
    parameters: {
      query?: {
        /** @description The page size, 1 to 200; 50 when left out. */
        limit?: number;
        /** @description The `next_cursor` of the previous page. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefusedForwardPage'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayForwards: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. Keys belong to one API key. */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplayForwards'];
      };
    };
    responses: {
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplayedForwards'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLiveness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description A refusal. */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
