import { entriesFrom, SOURCE } from './entry.js';

const { aboutNumber, aboutPerson } = entriesFrom(SOURCE.gateway);

/** Codes of the gateway about the state of a user and of the number: permissions, the webhook, the event consumers. */
export const standingCodes = [
  aboutPerson('user_is_active', {
    retryable: true,
    title: ['This person cannot be erased just now', 'Esta persona no se puede borrar en este momento'],
    detail: [
      'There is a waiting or live call with this person, shown in `call`, or a delivery about them is still being taken in.',
      'Hay una llamada en espera o en curso con esta persona, la de `call`, o todavía se procesa una entrega que trata de ella.',
    ],
    remedy: [
      'End the call with POST /api/calling/terminate, or wait until it is over, and erase the person then.',
      'Termine la llamada con POST /api/calling/terminate, o espere a que acabe, y borre entonces a la persona.',
    ],
  }),
  aboutPerson('not_allowed_now', {
    source: SOURCE.permissions,
    title: ['Meta does not allow this with this person now', 'Meta no lo permite ahora con esta persona'],
    detail: [
      'Asked about this person, Meta says that it may not be done now and names no limit that was reached. The person may be out of reach of WhatsApp calls, or the number restricted. Nothing was sent.',
      'Al preguntarle por esta persona, Meta dice que ahora no se puede y no menciona ningún límite alcanzado. Puede que la persona no reciba llamadas de WhatsApp o que el número esté restringido. No se envió nada.',
    ],
    remedy: [
      'Write to the person instead, and look at `GET /api/calling/status` for a restriction of the number. Try again in a day: what Meta says here is read anew each time.',
      'Escríbale a la persona y revise en `GET /api/calling/status` si el número tiene una restricción. Inténtelo de nuevo en un día: lo que Meta dice aquí se lee otra vez cada vez.',
    ],
  }),
  aboutPerson('permission_request_failed', {
    upstream: [131026],
    source: SOURCE.permissions,
    title: ['The permission request could not be delivered', 'No se pudo entregar la solicitud de permiso'],
    detail: [
      'WhatsApp could not deliver the message that asks for permission: the person is not on WhatsApp, has not accepted its terms or uses an app older than 2.24.14.',
      'WhatsApp no logró entregar el mensaje que pide permiso: la persona no está en WhatsApp, no aceptó sus condiciones o usa una versión anterior a la 2.24.14.',
    ],
    remedy: [
      'Check the number and ask the person to update WhatsApp, or to call you. Asking again now fails in the same way.',
      'Revise el número y pida a la persona que actualice WhatsApp o que llame ella. Si repite la solicitud ahora, fallará igual.',
    ],
  }),
  aboutPerson('permission_denied', {
    source: SOURCE.permissions,
    title: ['The person declined to be called', 'La persona no quiso recibir la llamada'],
    detail: [
      'The person answered the permission request with no, so this call was not dialled.',
      'La persona rechazó la solicitud de permiso, así que esta llamada no se marcó.',
    ],
    remedy: [
      'Write instead, or let the person call you. They can still accept the same request for up to 7 days; a new one counts against 1 per 24 hours and 2 per 7 days.',
      'Escríbale o deje que la persona llame. Todavía puede aceptar la misma solicitud hasta por 7 días; una nueva cuenta para el límite de 1 cada 24 horas y 2 cada 7 días.',
    ],
  }),
  aboutPerson('permission_expired', {
    source: SOURCE.permissions,
    title: ['The permission ran out', 'El permiso venció'],
    detail: [
      'A temporary permission lasts 7 days, and a request that nobody answers lapses after 7 days too. Either has passed.',
      'Un permiso temporal dura 7 días, y una solicitud sin respuesta también caduca a los 7 días. Ese plazo ya pasó.',
    ],
    remedy: [
      'Ask again with POST /api/calling/request-permission, or make a new call, which asks by itself.',
      'Vuelva a pedirlo con POST /api/calling/request-permission o haga una llamada nueva, que lo pide por sí sola.',
    ],
  }),
  aboutNumber('webhook_unregistered', {
    title: ['No webhook is registered', 'No hay ningún webhook registrado'],
    detail: [
      '360dialog has no webhook address for this number, so neither calls nor answers to permission requests are told to the gateway.',
      '360dialog no tiene una dirección de webhook para este número, así que el gateway no se entera de las llamadas ni de las respuestas a las solicitudes de permiso.',
    ],
    remedy: [
      'Register it with `npm run register-webhook`; it shows what it changes first.',
      'Regístrelo con `npm run register-webhook`; antes de cambiar algo, muestra qué va a reemplazar.',
    ],
  }),
  aboutNumber('webhook_elsewhere', {
    title: ['The webhook points elsewhere', 'El webhook apunta a otro lugar'],
    detail: [
      'The webhook registered at 360dialog is not the PUBLIC_URL of this gateway; another system receives the calls.',
      'El webhook registrado en 360dialog no es la PUBLIC_URL de este gateway: otro sistema recibe las llamadas.',
    ],
    remedy: [
      'Run `npm run register-webhook` and keep the other system served with WEBHOOK_FORWARD_URL, or correct PUBLIC_URL if it is the wrong one.',
      'Ejecute `npm run register-webhook` y reenvíe las entregas al otro sistema con WEBHOOK_FORWARD_URL, o corrija PUBLIC_URL si es la equivocada.',
    ],
  }),
  aboutNumber('webhook_silent', {
    title: ['No call event has arrived', 'No ha llegado ningún evento de llamada'],
    detail: [
      "The webhook is registered, yet no call event was delivered although one was due. A matching address alone proves nothing. With Meta's Conversation Routing, calls and permission replies may go to another partner, the Call primary of the number.",
      'El webhook está registrado, pero no se entregó ningún evento de llamada cuando debía llegar uno. Que la dirección coincida no prueba nada por sí solo. Con Conversation Routing de Meta, las llamadas y las respuestas de permiso pueden ir a otro partner, el Call primary del número.',
    ],
    remedy: [
      'Call the number from a phone and watch /api/calling/status. If nothing arrives, check that PUBLIC_URL is reachable from outside and ask 360dialog whether the `calls` field is subscribed. Look in Meta Business Suite, under Conversation Routing, whether the Call entry point belongs to 360dialog.',
      'Llame al número desde un teléfono y observe /api/calling/status. Si no llega nada, verifique que PUBLIC_URL sea accesible desde fuera y pregunte a 360dialog si el campo `calls` está suscrito. Revise en Meta Business Suite, en Conversation Routing, si el punto de entrada Call corresponde a 360dialog.',
    ],
  }),
  aboutNumber('no_listener', {
    title: ['Nobody is listening for inbound calls', 'Nadie recibe las llamadas entrantes'],
    detail: [
      'No subscription and no event stream takes call.incoming, so an inbound call would ring unanswered.',
      'Ninguna suscripción ni flujo de eventos recibe call.incoming, de modo que una llamada entrante sonaría sin respuesta.',
    ],
    remedy: [
      'Open the console or GET /api/events, or make a subscription for call.incoming with POST /api/subscriptions.',
      'Abra la consola o GET /api/events, o cree una suscripción a call.incoming con POST /api/subscriptions.',
    ],
  }),
  aboutNumber('check_in_progress', {
    retryable: true,
    title: ['A check is already running', 'Ya hay una verificación en curso'],
    detail: [
      'The sources are being read at this moment; a second reading at once would add nothing.',
      'En este momento se están consultando las fuentes; una segunda lectura simultánea no aportaría nada.',
    ],
    remedy: ['Wait some seconds and read GET /api/compliance/snapshots.', 'Espere unos segundos y consulte GET /api/compliance/snapshots.'],
  }),
] as const;
