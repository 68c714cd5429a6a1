/** One opening of a day. */
export class MetaOpeningView {
  /** Such as `MONDAY`. */
  day_of_week: string;
  /** `HHMM` in the zone of `timezone_id`. */
  open_time: string;
  /** `HHMM` in the zone of `timezone_id`. */
  close_time: string;
  /** A member that Meta has added since. */
  [member: string]: unknown;
}

/** A day with hours of its own. */
export class MetaHolidayView {
  /** The day. */
  date: string;
  /** `HHMM` in the zone of `timezone_id`. */
  start_time?: string;
  /** `HHMM` in the zone of `timezone_id`. */
  end_time?: string;
  /** A member that Meta has added since. */
  [member: string]: unknown;
}

/** When users may call. */
export class MetaCallHoursView {
  /** `ENABLED` or `DISABLED`. */
  status?: string;
  /** An IANA zone. */
  timezone_id?: string;
  /** The openings of the week, at most two a day. */
  weekly_operating_hours?: MetaOpeningView[];
  /** Days with other hours, at most 20. */
  holiday_schedule?: MetaHolidayView[];
  /** A member that Meta has added since. */
  [member: string]: unknown;
}

/**
 * Meta's own `calling` object of a number, as 360dialog passes it on.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-09)
 */
export class MetaCallingView {
  /** `ENABLED` or `DISABLED`; missing while calling was never set. */
  status?: string;
  /** `DEFAULT` or `DISABLE_ALL`. */
  call_icon_visibility?: string;
  /** Whether WhatsApp asks callers for the permission to call them back: `ENABLED` or `DISABLED`. */
  callback_permission_status?: string;
  /** When users may call. */
  call_hours?: MetaCallHoursView;
  /** Calls over SIP, without passwords. */
  sip?: Record<string, unknown>;
  /** `DTLS` or `SDES`. */
  srtp_key_exchange_protocol?: string;
  /** A member that Meta has added since. */
  [member: string]: unknown;
}
