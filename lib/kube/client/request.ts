import { z } from 'zod'
import { AppError, type ErrorCode, isAppError } from '#lib/kernel/model/errors.ts'
import { healthUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import { renderImpersonation } from '#lib/kernel/model/spaces/impersonation.ts'
import { isCredentialError } from '#lib/kubeconfig/credential-error.ts'
import { traced, traceHeaders } from '#lib/observability/tracing.ts'
import type { Cluster } from './cluster.ts'
import { resourceOf } from './resource-of.ts'

/** The person to read as: the API server checks their rights, and its audit log names them. */
export type AsPerson = { handle: string; email: string }
/** A person, or the identity that reads the health of all spaces. */
export type Reader = AsPerson | 'spaceport-health'

export type KubeRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** From the root: `/api/v1/namespaces/x`. Its segments are already encoded. */
  path: string
  query?: Readonly<Record<string, string>>
  body?: unknown
  contentType?: string
  accept?: string
  as?: Reader
  signal?: AbortSignal
  /** Default: 8 MiB. */
  maxAnswerBytes?: number
}

/** For one call. */
const timeoutMs = 10_000
/** The default limit for an answer: members decide how large the objects of their space are. */
const maxAnswerBytes = 8 * 1024 * 1024
/**
 * No object is longer: etcd takes at most 1.5 MiB by default (https://etcd.io/docs/v3.6/dev-guide/limit/), and JSON
 * may need six bytes for one.
 */
export const maxObjectBytes = 16 * 1024 * 1024

const statusSchema = z.object({
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ causes: z.array(z.object({ reason: z.string().optional() })).optional() }).optional(),
})

/**
 * An error answer of the API server. It never leaves this folder: `message` may contain names of other people's
 * objects.
 */
export class ApiServerError extends AppError {
  readonly httpStatus: number
  readonly reason: string
  readonly statusMessage: string
  readonly causes: readonly string[]

  constructor(code: ErrorCode, request: KubeRequest, httpStatus: number, body: string) {
    const parsed = statusSchema.safeParse(parseJson(body))
    const reason = (parsed.success && parsed.data.reason) || 'unknown'
    super(code, { detail: `${request.method} ${request.path} answered ${httpStatus} (${reason})` })
    this.httpStatus = httpStatus
    this.reason = reason
    this.statusMessage = (parsed.success && parsed.data.message) || ''
    this.causes = parsed.success ? (parsed.data.details?.causes ?? []).map((cause) => cause.reason ?? '') : []
    // A log that prints an error's own fields must not print this one.
    Object.defineProperty(this, 'statusMessage', { enumerable: false })
  }
}

export class AnswerTooLargeError extends AppError {
  constructor({ method, path, maxAnswerBytes: most = maxAnswerBytes }: KubeRequest) {
    super('cluster_failed', { detail: `${method} ${path} answered more than ${most} bytes` })
  }
}

/**
 * Sends one request and parses the answer.
 * @throws AppError (an ApiServerError when the API server answered): cluster_unreachable, cluster_busy,
 *   cluster_refused, not_found, cluster_conflict, namespace_terminating, cluster_failed; forbidden when the reader lacks
 *   the right; AnswerTooLargeError
 */
export async function request<T>(cluster: Cluster, asked: KubeRequest, schema: z.ZodType<T>): Promise<T> {
  return (await requestSized(cluster, asked, schema)).answer
}

/** @returns the answer, and the length of its text */
export async function requestSized<T>(
  cluster: Cluster,
  asked: KubeRequest,
  schema: z.ZodType<T>,
): Promise<{ answer: T; length: number }> {
  const text = await sendWithRetry(cluster, asked)
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return { answer: parsed.data, length: text.length }
  throw new AppError('cluster_failed', { detail: `${asked.method} ${asked.path} returned an unexpected answer` })
}

/** Reviews are answered and not stored. */
const reviews = '/apis/authorization.k8s.io/'

/** A closed idle socket is noticed only at its next use; idempotent requests are retried once. */
async function sendWithRetry(cluster: Cluster, asked: KubeRequest): Promise<string> {
  try {
    return await send(cluster, asked)
  } catch (error) {
    if (isAppError(error) && error instanceof ApiServerError && error.httpStatus === 401) {
      cluster.connection.refresh()
      return await send(cluster, asked)
    }
    const once = asked.method === 'POST' && asked.query?.dryRun !== 'All' && !asked.path.startsWith(reviews)
    if (once || !isAppError(error, 'cluster_unreachable') || !isStaleSocket(error.cause)) throw error
    return await send(cluster, asked)
  }
}

const send = (cluster: Cluster, asked: KubeRequest): Promise<string> =>
  traced(
    `${asked.method} ${resourceOf(asked.path)}`,
    { kind: 'client', attributes: { 'http.request.method': asked.method, 'spaceport.cluster': cluster.name } },
    () => sendNow(cluster, asked),
  )

async function sendNow(cluster: Cluster, asked: KubeRequest): Promise<string> {
  const deadline = AbortSignal.timeout(timeoutMs)
  const signal = asked.signal ? AbortSignal.any([asked.signal, deadline]) : deadline
  let statusCode: number
  let text: string
  try {
    const { dispatcher, headers } = await cluster.connection.credentials('call', signal)
    const { origin, path } = target(cluster, asked)
    const answer = await dispatcher.request({
      origin,
      path,
      method: asked.method,
      headers: renderHeaders(
        { ...headers, ...traceHeaders(), ...bodyHeaders(asked), accept: asked.accept ?? 'application/json' },
        asked.as,
      ),
      body: asked.body === undefined ? null : JSON.stringify(asked.body),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal,
    })
    statusCode = answer.statusCode
    text = await readText(asked, answer.body)
  } catch (cause) {
    if (asked.signal?.aborted) throw asked.signal.reason
    if (cause instanceof AnswerTooLargeError) throw cause
    throw connectionError(asked, cause)
  }
  if (statusCode >= 200 && statusCode < 300) return text
  throw apiServerErrorOf(asked, statusCode, text)
}

/** @throws AnswerTooLargeError */
export async function readText(asked: KubeRequest, body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > (asked.maxAnswerBytes ?? maxAnswerBytes)) throw new AnswerTooLargeError(asked)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** The server's URL may have its own path prefix. */
export function target(cluster: Cluster, asked: Pick<KubeRequest, 'path' | 'query'>): { origin: string; path: string } {
  const url = new URL(cluster.serverUrl)
  const query = asked.query && Object.keys(asked.query).length > 0 ? `?${new URLSearchParams(asked.query)}` : ''
  return { origin: url.origin, path: `${url.pathname.replace(/\/+$/, '')}${asked.path}${query}` }
}

/** Alternating names and values. With a reader, the API server acts as them. */
export const renderHeaders = (headers: Readonly<Record<string, string>>, as: Reader | undefined): string[] => [
  ...Object.entries(headers).flat(),
  ...(as === 'spaceport-health' ? ['Impersonate-User', healthUserName] : as ? renderImpersonation(as) : []),
]

const bodyHeaders = (asked: KubeRequest): Record<string, string> =>
  asked.body === undefined ? {} : { 'content-type': asked.contentType ?? 'application/json' }

/** For a status other than 2xx. */
export function apiServerErrorOf(asked: KubeRequest, status: number, body: string): ApiServerError {
  const error = new ApiServerError(codeOf(status), asked, status, body)
  if (error.causes.includes('NamespaceTerminating'))
    return new ApiServerError('namespace_terminating', asked, status, body)
  // The reader lacks the right, which is a proper answer. If we may not impersonate them, the installation is
  // misconfigured.
  if (status === 403 && asked.as && !error.statusMessage.includes('cannot impersonate'))
    return new ApiServerError('forbidden', asked, status, body)
  return error
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'cluster_refused'
  if (status === 404) return 'not_found'
  if (status === 409) return 'cluster_conflict'
  if (status === 429 || status === 504) return 'cluster_busy'
  return 'cluster_failed'
}

/** For a request without an answer. */
export function connectionError(asked: Pick<KubeRequest, 'method' | 'path'>, cause: unknown): AppError {
  const code = networkCode(cause)
  const late = ['TimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'].includes(code)
  return new AppError(late ? 'cluster_busy' : 'cluster_unreachable', {
    detail: `${asked.method} ${asked.path}: ${isCredentialError(cause) ? cause.message : code}`,
    cause,
  })
}

export function networkCode(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown'
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return cause.name
}

const isStaleSocket = (cause: unknown) => ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(networkCode(cause))

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Proxies in front of an API server answer with HTML; the schema turns this into a named failure.
    return undefined
  }
}
