import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { OutboundCallService } from '#calling/outbound/outbound-call.service.js';
import type { RequestContent } from '#calling/outbound/request-content.js';
import { type Ledger, PermissionsService } from '#calling/permissions/permissions.service.js';
import { CallingSettingsService } from '#calling/settings/calling-settings.service.js';
import { ReadingsService } from '#compliance/eligibility/readings.service.js';
import type { NamedUser } from '#graph/shape/named-user.js';
import { type GraphNumber, toGraphNumber } from '#graph/shape/number.view.js';
import { CalleesService } from '#identity/callees.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Problem } from '#kernel/problem.js';
import { type JsonRecord, record } from '#kernel/read.js';

/** The answer of Meta to a message that it took. */
export interface MessageTaken {
  messaging_product: 'whatsapp';
  contacts: { input: string; wa_id?: string; user_id?: string }[];
  messages: { id: string }[];
}

/** What clients of Meta's shape read and change of a number, apart from its calls. */
@Injectable()
export class GraphNumberService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly callees: CalleesService,
    private readonly permissions: PermissionsService,
    private readonly outbound: OutboundCallService,
    private readonly callingSettings: CallingSettingsService,
    private readonly readings: ReadingsService,
  ) {}

  /** @throws Problem `unknown_number` */
  async shown(by: Principal, phoneNumberId: string, fields: ReadonlySet<string>): Promise<GraphNumber> {
    const number = await this.numbers.require(by, phoneNumberId);
    const health = fields.has('health_status') ? (await this.readings.health(number.phoneNumberId)).value : null;
    return toGraphNumber(number, fields, health);
  }

  /** The permission of a user; keeps nothing of one who is not known. @throws Problem `unknown_number` */
  async ledger(by: Principal, phoneNumberId: string, { user }: NamedUser): Promise<Ledger> {
    const { number, person } = await this.callees.shown(by, user, phoneNumberId);
    return this.permissions.ledger(number, person);
  }

  /** Meta's `calling` object, without SIP secrets. @throws Problem why it cannot be read */
  async settings(by: Principal, phoneNumberId: string): Promise<JsonRecord> {
    return (await this.callingSettings.read(await this.numbers.require(by, phoneNumberId), false)).calling;
  }

  /** @throws Problem `invalid_request` without `calling`, or as the settings are refused */
  async changeSettings(by: Principal, phoneNumberId: string, body: JsonRecord): Promise<void> {
    const number = await this.numbers.requireProven(by, phoneNumberId);
    const calling = record(body.calling);
    if (!calling || Object.keys(calling).length === 0) throw new Problem('invalid_request', { errors: [NOTHING] });
    await this.callingSettings.change(number, calling);
  }

  /** @returns null after no response, when it is unknown whether the user was asked. @throws Problem of the gate that fails, or as 360dialog refused */
  async ask(
    by: Principal,
    phoneNumberId: string,
    { user, input, content }: NamedUser & { content: RequestContent },
  ): Promise<MessageTaken | null> {
    const { messageId } = await this.outbound.requestPermission({ phoneNumberId, user, content }, by);
    if (messageId === null) return null;
    // Meta may have named the user by another number.
    const { waId, userId } = (await this.callees.shown(by, user, phoneNumberId)).person;
    return {
      messaging_product: 'whatsapp',
      contacts: [{ input, ...(waId === null ? {} : { wa_id: waId }), ...(userId === null ? {} : { user_id: userId }) }],
      messages: [{ id: messageId }],
    };
  }
}

const NOTHING = { field: 'calling', message: { en: 'must name at least one setting', es: 'debe indicar al menos un ajuste' } };
