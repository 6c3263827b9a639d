import type { SendResult } from '#lib/kernel/model/inbox/delivery-attempt.ts'

/** A receiver's answer; without a status: none, and the reason, for the log. */
export type WebhookAnswer = { status: number; retryAfterMs: number | null } | { status: null; why: string }

/** Temporary failures: RFC 9110 (408, 5xx), RFC 8470 (425), RFC 6585 (429). */
const passing = (status: number): boolean => [408, 425, 429].includes(status) || status >= 500

/** @returns whether the receiver is gone for good (RFC 9110, section 15.5.11) */
export const isGone = ({ status }: WebhookAnswer): boolean => status === 410

/** @returns whether a message arrived, and if not, whether to try again. Redirects aren't followed. */
export function resultOf(answer: WebhookAnswer): SendResult {
  if (answer.status === null) return { sent: false, error: `no answer: ${answer.why}`, permanent: false }
  const { status, retryAfterMs } = answer
  if (status >= 200 && status < 300) return { sent: true }
  return { sent: false, error: `HTTP ${status}`, permanent: !passing(status), afterMs: retryAfterMs }
}

/**
 * The result of a test, for the person. All failures without an answer have the same sentence, so that none reveals
 * internal hosts and ports.
 */
export function answerInWords(answer: WebhookAnswer, host: string): string {
  const { status } = answer
  if (status === null)
    return `No answer from ${host} within 10 seconds. It must be reachable from the Internet by https, with a valid certificate.`
  if (resultOf(answer).sent) return `${host} accepted the message.`
  if (status >= 300 && status < 400)
    return `${host} answered with a redirect (HTTP ${status}), which isn’t followed. Set the URL that it leads to.`
  return `${host} refused the message (HTTP ${status}). Check the URL and the format.`
}
