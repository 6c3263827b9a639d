import 'server-only'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { AppError, type ErrorCode, isAppError } from '#lib/kernel/model/errors.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { askGateway, type GatewayAnswer, type GatewayAsk, isChange } from './ask-gateway.ts'

/** An object's JSON is at most a few times what etcd takes for it (1.5 MiB). */
const maxObjectBytes = 16 * 1024 * 1024

/** Messages for people by status; where the gateway or the API server explains more, its own message is shown. */
const codes: Readonly<Record<number, ErrorCode>> = { 404: 'object_gone', 409: 'object_changed', 429: 'rate_limited' }

/** The API server's answer, with 422, if a test of a JSON patch fails. */
const failedTest = 'the server rejected our request due to an error in our request'

/**
 * Changes an object of a space through the gateway, as the person; the gateway authorizes and records.
 * @throws AppError object_gone, object_changed, change_refused, rate_limited, cluster_failed; as askGateway
 */
export async function changeObject(ctx: CallerContext, asked: GatewayAsk): Promise<void> {
  const answer = await askGateway(ctx, asked)
  if (!answer.ok) throw refusalOf(answer)
  answer.body.resume()
}

/**
 * Reads or changes an object or a list of a space through the gateway, as the person. No error quotes the answer, which
 * may be a Secret.
 * @returns the object
 * @throws AppError as changeObject; change_unknown if the answer to a change can’t be read; gateway_unreachable if another
 *   breaks off
 */
export async function readObject<T>(ctx: CallerContext, asked: GatewayAsk, schema: z.ZodType<T>): Promise<T> {
  const answer = await askGateway(ctx, asked)
  if (!answer.ok) throw refusalOf(answer)
  try {
    return await readBody(answer.body, asked, schema)
  } catch (cause) {
    // It was changed, whatever became of the answer.
    if (isChange(asked)) throw new AppError('change_unknown', { cause })
    if (isAppError(cause)) throw cause
    throw new AppError('gateway_unreachable', { cause })
  }
}

async function readBody<T>(body: Readable, { path }: GatewayAsk, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > maxObjectBytes) throw new AppError('cluster_failed', { detail: `${path} is too large` })
  }
  const parsed = schema.safeParse(parseJson(Buffer.concat(chunks).toString()))
  if (parsed.success) return parsed.data
  throw new AppError('cluster_failed', { detail: `${path} has an unexpected form` })
}

/** @returns undefined if it isn’t JSON: the engine’s own error would quote it */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refusalOf({ status, message }: Extract<GatewayAnswer, { ok: false }>): AppError {
  const known = status === 422 && message === failedTest ? 'object_changed' : codes[status]
  if (known) return new AppError(known, { detail: message })
  if (status >= 500) return new AppError('cluster_failed', { detail: message, sentence: message })
  return new AppError('change_refused', { detail: message, sentence: message })
}
