import type { ClientResponse } from '#lib/gateway/connection/client-response.ts'
import type { RefusalKey } from '#lib/kernel/model/audit/refusal-key.ts'

/** Status code → the reason known to Kubernetes clients (k8s.io/apimachinery, metav1.StatusReason). */
const statusReasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

export type StatusDetails = { name?: string; group?: string; kind?: string; retryAfterSeconds?: number }

/** Thrown to refuse a request or cut a stream. Becomes a Kubernetes `Status` with this message. */
export class GatewayRefusal extends Error {
  readonly key: RefusalKey
  readonly status: number
  readonly details: StatusDetails | undefined
  readonly why: string | undefined

  /**
   * @param cause for the log only
   * @param why the short form of the message, for contexts that show the rest
   */
  constructor(
    key: RefusalKey,
    status: number,
    message: string,
    details?: StatusDetails,
    cause?: unknown,
    why?: string,
  ) {
    super(message, { cause })
    this.name = 'GatewayRefusal'
    this.key = key
    this.status = status
    this.details = details
    this.why = why
  }
}

/** For requests that must be in the trail first. */
export const trailUnavailable = (cause: unknown): GatewayRefusal => {
  const message = 'the audit trail can’t be written right now, so nothing was done; retry shortly'
  return new GatewayRefusal('trail_unavailable', 503, message, { retryAfterSeconds: 1 }, cause)
}

export const renderStatus = ({ status, message, details }: GatewayRefusal) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  ...(statusReasons[status] && { reason: statusReasons[status] }),
  ...(details && { details }),
  code: status,
})

/** @returns text that is safe inside quotes in a header */
const headerText = (text: string): string => text.replaceAll('’', "'").replace(/[^\x20-\x7e]|["\\]/g, '?')

export function renderRefusal(refusal: GatewayRefusal, requestId: string): { headers: string[]; body: string } {
  const body = `${JSON.stringify(renderStatus(refusal))}\n`
  const headers = [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'X-Request-Id',
    requestId,
  ]
  // kubectl hides the message of a failed discovery but shows every warning. It shows messages about a resource anyway.
  if (refusal.status > 400 && refusal.details?.kind === undefined)
    headers.push('Warning', `299 spaceport "${headerText(refusal.message)}"`)
  if (refusal.status === 401) headers.push('WWW-Authenticate', 'Bearer realm="spaceport"')
  if (refusal.details?.retryAfterSeconds !== undefined)
    headers.push('Retry-After', String(refusal.details.retryAfterSeconds))
  return { headers, body }
}

/** Once an answer has begun, only closing the connection can signal a refusal. */
export function answerRefusal(response: ClientResponse, refusal: GatewayRefusal, requestId: string): void {
  if (response.headersSent) return void response.destroy()
  const { headers, body } = renderRefusal(refusal, requestId)
  // An unread body would be taken for the next request.
  if (!response.req.complete) headers.push('Connection', 'close')
  response.writeHead(refusal.status, headers)
  response.end(body)
}
