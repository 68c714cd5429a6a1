/**
 * What the API takes and answers. `npm run types` writes the types of its OpenAPI document and checks every page against them;
 * this file holds no code.
 *
 * @typedef {import('../../../dist/api-types.js').paths} Paths
 * @typedef {import('../../../dist/api-types.js').components['schemas']} Schemas
 *
 * @typedef {Schemas['Call']} Call
 * @typedef {Schemas['CallUser']} CallUser
 * @typedef {Schemas['AddressedUser']} AddressedUser
 * @typedef {Schemas['SessionDescription']} SessionDescription
 * @typedef {Schemas['TimelineEntry']} TimelineEntry
 * @typedef {Schemas['Session']} Session
 * @typedef {Schemas['Number']} BusinessNumber
 * @typedef {Session['scopes'][number]} Scope
 * @typedef {Schemas['Status']} Status
 * @typedef {Schemas['ConversationRequirements']} ConversationRequirements
 * @typedef {Schemas['Projection']} Projection
 * @typedef {Schemas['Direction']} Direction
 * @typedef {Schemas['Gate']} Gate
 * @typedef {Schemas['Permission']} Permission
 * @typedef {Schemas['Preflight']} Preflight
 * @typedef {Schemas['PreflightGate']} PreflightGate
 * @typedef {Schemas['Subscription']} Subscription
 * @typedef {Schemas['EventDelivery']} EventDelivery
 * @typedef {Schemas['ApiKey']} ApiKey
 * @typedef {Schemas['ReportPage']} ReportPage
 * @typedef {Schemas['ReportDelivery']} ReportDelivery
 * @typedef {Schemas['CallingSettings']} CallingSettings
 * @typedef {Schemas['IceServer']} IceServer
 *
 * @typedef {Schemas['Problem']['upstream']} Upstream
 * @typedef {{ [Name in keyof Schemas['Problem']]?: Schemas['Problem'][Name] | null } & { call?: Call }} ProblemDocument
 *   every member is optional, since a proxy in between may answer, too
 */

/**
 * Parts of answers.
 *
 * @typedef {Schemas['Metric']} Figure of the status
 * @typedef {Schemas['MetaOpening']} Opening
 * @typedef {Schemas['MetaCallHours']} CallHours
 * @typedef {Schemas['MetaCalling']} Calling Meta's settings
 */

/**
 * The events of the stream, by type.
 *
 * @typedef {Schemas['Event']} ApiEvent
 * @typedef {ApiEvent['type']} EventType
 * @typedef {{ [Type in EventType]: Extract<ApiEvent, { type: Type }> }
 *   & { 'call.*': Extract<ApiEvent, { type: `call.${string}` }>, reset: { type: 'reset' }, stream: { type: 'stream', state: string } }} Events
 */

/**
 * Requests. Where the document says `/api/keys/{id}` a page writes `/api/keys/${id}`.
 *
 * @typedef {'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} Method
 * @typedef {Written<keyof Paths & string>} Address
 * @typedef {Address | `${Address}?${string}`} AddressWithQuery
 */
/**
 * @template {string} Path
 * @typedef {Path extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${Written<After>}` : Path} Written
 */
/**
 * @template {string} At
 * @typedef {At extends `${infer Path}?${string}` ? Path : At} WithoutQuery
 */
/**
 * @template {string} At
 * @typedef {At extends unknown ? {
 *   [Path in keyof Paths & string]: [WithoutQuery<At>, Written<Path>] extends [Written<Path>, WithoutQuery<At>] ? Path : never
 * }[keyof Paths & string] : never} PathOf the path of the document that is meant
 */
/**
 * @template {Method} Verb
 * @template {string} At
 * @typedef {Paths[PathOf<At>][Lowercase<Verb>]} Operation
 */
/**
 * @template {string} At
 * @typedef {[PathOf<At>] extends [never] ? never : { [Verb in Method]: Operation<Verb, At> extends { responses: unknown } ? Verb : never }[Method]} MethodOf
 */
/**
 * @template Response
 * @typedef {Response extends { content: { 'application/json': infer Value } } ? Value : null} JsonOf
 */
/**
 * @template {Method} Verb
 * @template {string} At
 * @typedef {Operation<Verb, At> extends { responses: infer All } ? JsonOf<All[keyof All & (200 | 201 | 202 | 204)]> : never} Answer
 */
/**
 * @template {Method} Verb
 * @template {string} At
 * @typedef {Operation<Verb, At> extends { requestBody: { content: { 'application/json': infer Value } } } ? Value : Record<string, never>} Input
 */
/**
 * @template {string} At
 * @typedef {{ [Verb in 'get' | 'delete']: Paths[PathOf<At>][Verb] extends { parameters: { query?: infer Query } } ? keyof Query : never }['get' | 'delete']} QueryName
 */

export {};
