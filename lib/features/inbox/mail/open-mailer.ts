/**
 * The SMTP client. Verifies certificates, and encrypts everything except to localhost. Errors for operators quote the
 * server, without the password.
 */
import { createTransport } from 'nodemailer'
import { isLoopback } from '#lib/config/is-loopback.ts'
import type { SendResult } from '#lib/kernel/model/inbox/delivery-attempt.ts'

export type Mail = {
  /** The same for every attempt, so that servers and mail clients can deduplicate. */
  id: string
  to: { name: string; address: string }
  subject: string
  text: string
  at: Date
}

export type Mailer = {
  send(mail: Mail): Promise<SendResult>
  /** Aborts mail that is being sent. */
  close(): void
}

type Settings = {
  /** smtp(s)://user:password@host:port */
  url: string
  from: string
  /** The portal's host: the right side of message ids. */
  host: string
  /** Milliseconds to try one mail, including its time in the queue. */
  longestMs?: number
}

/** Timeouts of each step. A server that trickles data never reaches them, so `longestMs` limits the whole attempt. */
const timeouts = { dnsTimeout: 5_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }
const connections = 2

export function openMailer({ url, from, host, longestMs = 120_000 }: Settings): Mailer {
  const server = new URL(url)
  const secure = server.protocol === 'smtps:'
  const isHere = isLoopback(server.hostname)
  const transport = createTransport({
    pool: true,
    maxConnections: connections,
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port === '' ? (secure ? 465 : 587) : Number(server.port),
    secure,
    ...(!secure && (isHere ? { ignoreTLS: true } : { requireTLS: true })),
    ...(server.username !== '' && {
      auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) },
    }),
    ...timeouts,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ id, to, subject, text, at }) {
      try {
        await transport.sendMail({
          from,
          to,
          envelope: { from: addressIn(from), to: [to.address] },
          subject,
          text,
          date: at,
          messageId: `<${id}@${host}>`,
          signal: AbortSignal.timeout(longestMs),
          // RFC 3834, section 5: prevents automatic replies.
          headers: { 'auto-submitted': 'auto-generated' },
        })
        return { sent: true }
      } catch (error) {
        return { sent: false, ...explain(error) }
      }
    },
    close: () => transport.close({ force: true }),
  }
}

const addressIn = (from: string): string => /<([^<>]+)>$/.exec(from)?.[1] ?? from

/**
 * RFC 5321, section 4.2.1: 5xx is permanent. Errors about authentication or the sender need the operator, so they
 * aren't.
 */
function explain(error: unknown): { error: string; permanent: boolean } {
  const { code, responseCode, command, message } = Object(error)
  const permanent = Number(responseCode) >= 500 && (command === 'RCPT TO' || command === 'DATA')
  const text = [code, responseCode, message].filter(Boolean).map(String).join(' ')
  return { error: text.replace(/\p{Cc}+/gu, ' ').slice(0, 300), permanent }
}
