// Mails the latest compliance report: run it by cron after COMPLIANCE_REPORT_CRON.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectSecurely } from 'node:tls';
import { ask } from './parts/gateway.mjs';

const { SMTP_URL = 'smtp://127.0.0.1:25', MAIL_FROM, MAIL_TO } = process.env;
const base64 = (text) => Buffer.from(text).toString('base64');

const report = await ask('/api/compliance/reports/latest');
const page = await ask('/api/compliance/reports/latest?format=html');
const { date } = report.period;
const count = report.standing.business_initiated_conversations ?? '?';
const mail = `From: ${MAIL_FROM}
To: ${MAIL_TO}
Subject: =?utf-8?B?${base64(`WhatsApp calls ${date}: ${count}/${report.required_conversations}`)}?=
Date: ${new Date().toUTCString()}
Message-ID: <${report.id}@whatsapp-calling-gateway>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

${base64(page).replace(/.{76}/g, '$&\n')}
.`;

const { protocol, hostname, port, username, password } = new URL(SMTP_URL);
const secure = protocol === 'smtps:';
if (username && !secure) throw new Error('A password is sent to smtps: servers only.');
const socket = (secure ? connectSecurely : connect)({ host: hostname, servername: hostname, port: port || (secure ? 465 : 25) });
socket.setTimeout(30_000, () => socket.destroy(new Error('the mail server does not answer')));
const replies = createInterface(socket)[Symbol.asyncIterator]();
async function say(line, expected) {
  if (line) socket.write(`${line}\r\n`);
  let reply;
  do reply = (await replies.next()).value ?? 'nothing';
  while (/^\d{3}-/.test(reply));
  if (!reply.startsWith(expected)) throw new Error(`The mail server said: ${reply}`);
}
const login = username ? [[`AUTH PLAIN ${base64(`\0${decodeURIComponent(username)}\0${decodeURIComponent(password)}`)}`, '235']] : [];
const recipients = MAIL_TO.split(',').map((to) => [`RCPT TO:<${to.trim()}>`, '250']);
const letter = [[`MAIL FROM:<${MAIL_FROM}>`, '250'], ...recipients, ['DATA', '354'], [mail.replaceAll('\n', '\r\n'), '250']];
for (const [line, expected] of [['', '220'], ['EHLO localhost', '250'], ...login, ...letter, ['QUIT', '221']]) await say(line, expected);
socket.end();
console.log(`The report of ${date} was sent to ${MAIL_TO}`);
