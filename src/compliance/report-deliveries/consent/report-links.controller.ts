import { Controller, Get, Headers, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#access/authorization/scopes.decorator.js';
import type { ReportDelivery } from '#compliance/report-deliveries/report-delivery.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { languageOf } from '#error-catalogue/language.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { ConsentService } from './consent.service.js';
import { CONSENT_PAGE_SECURITY, type ConsentPage, consentPageOf, lineOf } from './consent-page.js';
import { CONSENT_TEXTS } from './consent-texts.js';
import { LINKS_PATH } from './links.js';

/** The pages behind the links in mails. They are public: who has the link has the mail. A GET changes nothing, since scanners of mail open links. */
@ApiExcludeController()
@Controller(LINKS_PATH)
@Public()
export class ReportLinksController {
  constructor(
    private readonly consent: ConsentService,
    private readonly numbers: NumbersService,
  ) {}

  /** Asks for the press of a button. */
  @Get('confirm/:token')
  async askToConfirm(
    @Param('token') token: string,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.consent.lookUp(token);
    const [first] = found?.waiting ?? [];
    const language = first?.language ?? languageOf(wanted);
    const texts = CONSENT_TEXTS[language];
    if (found && first) {
      const lines = found.waiting.map((one) => this.#lineOf(language, one));
      return answer(reply, 200, language, {
        title: texts.confirmTitle,
        paragraphs: [texts.confirmLead],
        lines,
        button: texts.confirmButton,
      });
    }
    if (found?.isConfirmed) return answer(reply, 200, language, { title: texts.confirmTitle, paragraphs: [texts.confirmed] });
    await answer(reply, 404, language, { title: texts.unknownTitle, paragraphs: [texts.unknownConfirm] });
  }

  /** The button was pressed. */
  @Post('confirm/:token')
  async confirm(
    @Param('token') token: string,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.consent.lookUp(token);
    const language = found?.waiting[0]?.language ?? languageOf(wanted);
    const texts = CONSENT_TEXTS[language];
    const isKnown = found !== null && (found.waiting.length > 0 || found.isConfirmed) && (await this.consent.confirm(token));
    if (isKnown) return answer(reply, 200, language, { title: texts.confirmTitle, paragraphs: [texts.confirmed] });
    await answer(reply, 404, language, { title: texts.unknownTitle, paragraphs: [texts.unknownConfirm] });
  }

  /** Asks for the press of a button. */
  @Get('unsubscribe/:token')
  async askToUnsubscribe(
    @Param('token') token: string,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const delivery = await this.consent.ofUnsubscribeLink(token);
    const language = delivery?.language ?? languageOf(wanted);
    const texts = CONSENT_TEXTS[language];
    if (!delivery) return answer(reply, 404, language, { title: texts.unknownTitle, paragraphs: [texts.unknownUnsubscribe] });
    if (delivery.stoppedReason === 'unsubscribed')
      return answer(reply, 200, language, { title: texts.unsubscribeTitle, paragraphs: [texts.unsubscribed] });
    const lines = [this.#lineOf(language, delivery)];
    await answer(reply, 200, language, {
      title: texts.unsubscribeTitle,
      paragraphs: [texts.unsubscribeLead],
      lines,
      button: texts.unsubscribeButton,
    });
  }

  /** The button was pressed, on the page or in a mail program (RFC 8058). */
  @Post('unsubscribe/:token')
  async unsubscribe(
    @Param('token') token: string,
    @Headers('accept-language') wanted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = (await this.consent.ofUnsubscribeLink(token))?.language ?? languageOf(wanted);
    const texts = CONSENT_TEXTS[language];
    if (await this.consent.unsubscribe(token))
      return answer(reply, 200, language, { title: texts.unsubscribeTitle, paragraphs: [texts.unsubscribed] });
    await answer(reply, 404, language, { title: texts.unknownTitle, paragraphs: [texts.unknownUnsubscribe] });
  }

  #lineOf(language: Language, { every, phoneNumberId }: ReportDelivery): string {
    const found = phoneNumberId === null ? null : this.numbers.byId(phoneNumberId);
    return lineOf(language, { every, number: found ? (found.name ?? found.displayPhoneNumber ?? phoneNumberId) : phoneNumberId });
  }
}

async function answer(reply: FastifyReply, status: number, language: Language, page: ConsentPage): Promise<void> {
  void reply.status(status).header('Content-Security-Policy', CONSENT_PAGE_SECURITY).header('Content-Language', language);
  void reply.header('Cache-Control', 'no-store').header('Referrer-Policy', 'no-referrer').type('text/html; charset=utf-8');
  await reply.send(consentPageOf(language, page));
}
