/**
 * The mail server. Its certificate is always verified, and nothing goes out unencrypted except to this machine. What it
 * says about a failure is kept for operators; the password is never a part of it.
 */
import { createTransport } from 'nodemailer'
import { isLoopback } from '#lib/config/is-loopback.ts'
import type { SendResult } from '#lib/kernel/model/inbox/delivery-attempt.ts'

export type Mail = {
  /** The same each time that this mail is tried: servers and readers tell by it that two are one. */
  id: string
  to: { name: string; address: string }
  subject: string
  text: string
  at: Date
}

export type Mailer = {
  send(mail: Mail): Promise<SendResult>
  /** Mail that is still being sent is not sent. */
  close(): void
}

type Settings = {
  /** smtp(s)://user:password@host:port */
  url: string
  from: string
  /** The portal's: the right side of message ids. */
  host: string
  /** For how long one mail is tried, its turn included. */
  longestMs?: number
}

/** Each step's. A server that answers in drops never lets one pass: `longestMs` ends that too. */
const timeouts = { dnsTimeout: 5_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }
const connections = 2

/** @returns a mailer with a pool of connections to one server */
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
          // RFC 3834, section 5: nobody's out-of-platform role answers it.
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

/** RFC 5321, section 4.2.1: a 5xx is for good. About the sign-in or the sender it is the operator's to mend. */
function explain(error: unknown): { error: string; permanent: boolean } {
  const { code, responseCode, command, message } = Object(error)
  const permanent = Number(responseCode) >= 500 && (command === 'RCPT TO' || command === 'DATA')
  const text = [code, responseCode, message].filter(Boolean).map(String).join(' ')
  return { error: text.replace(/\p{Cc}+/gu, ' ').slice(0, 300), permanent }
}
