import type { ServerResponse } from 'node:http'
import type { NotSender } from './authenticate-sender.ts'
import type { BadBatch } from './read-batch.ts'

/** Why a batch is rejected. */
export type RefusalReason =
  | NotSender
  | BadBatch
  | 'unknown_path'
  | 'bad_method'
  | 'bad_encoding'
  | 'too_large'
  | 'incomplete'
  | 'busy'
  | 'trail_unavailable'
  | 'bug'

/** Seconds. The API server’s client retries ten times within half a minute (client-go, rest/with_retry.go). */
const busySeconds = 1
const awaySeconds = 3

const refusals: Readonly<Record<RefusalReason, { status: number; message: string; again?: number }>> = {
  no_token: { status: 401, message: 'a bearer token is required' },
  bad_token: { status: 401, message: 'the token is not valid' },
  other_cluster: { status: 403, message: 'the token belongs to another cluster' },
  unknown_path: { status: 404, message: 'send audit events to /clusters/{cluster}/audit' },
  bad_method: { status: 405, message: 'only POST is supported' },
  incomplete: { status: 408, message: 'the body did not arrive' },
  too_large: { status: 413, message: 'the batch is too large; see --audit-webhook-truncate-enabled' },
  bad_encoding: { status: 415, message: 'the body must be application/json, not compressed' },
  malformed: { status: 400, message: 'the body is not an EventList' },
  other_kind: { status: 422, message: 'the body is not an EventList of audit.k8s.io/v1' },
  too_many: { status: 413, message: 'the batch has too many events; see --audit-webhook-batch-max-size' },
  busy: { status: 429, message: 'too many batches are being received; try again', again: busySeconds },
  trail_unavailable: { status: 503, message: 'the trail can’t be written right now; try again', again: awaySeconds },
  bug: { status: 500, message: 'the batch could not be processed', again: awaySeconds },
}

/**
 * Answers like an API server (with a Status), which the sender logs. Closes the connection, because the body may be
 * unread.
 */
export function answerRefusal(response: ServerResponse, reason: RefusalReason): void {
  if (response.headersSent || response.destroyed) return
  const { status, message, again } = refusals[reason]
  const body = JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: `Spaceport: ${message}`,
    code: status,
  })
  response.shouldKeepAlive = false
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 405 && { allow: 'POST' }),
    ...(again !== undefined && { 'retry-after': String(again) }),
  })
  response.end(body)
}
