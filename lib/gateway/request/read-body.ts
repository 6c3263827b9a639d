/**
 * Reads the whole body before anything goes upstream: a slow client holds no connection to the API server, a change is
 * sent completely or not at all, and the gateway chooses the framing.
 */
import type { IncomingMessage } from 'node:http'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { createCounts } from '#lib/kernel/limits/counts.ts'

/** The API server's own limit (k8s.io/apiserver, MaxRequestBodyBytes). */
const maxBytes = 3 * 1024 * 1024
/** For all bodies in memory, and for those of one person. */
const maxBytesInAll = 96 * 1024 * 1024
const maxBytesOfOne = 24 * 1024 * 1024
/** The share reserved for people without another body in memory. */
const reservedShare = 1 / 4

const tooLarge = () =>
  new GatewayRefusal('body_too_large', 413, `the request body is too large; the limit is ${maxBytes} bytes`)

/** A body counts as in memory until `release` is called, at the end of its request. */
export type BufferedBody = { body: Buffer | null; release: () => void }
/**
 * @param takeTurn called for each piece; its promise is awaited
 * @param begin called before the first piece is read, unless the header already rules the body out
 */
export type BodyReader = (
  request: IncomingMessage,
  personId: string,
  takeTurn: () => Promise<void> | undefined,
  begin: () => void,
) => Promise<BufferedBody>

const none: BufferedBody = { body: null, release: () => {} }

/** Even where none is allowed. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** One per process: it counts the bytes in memory. */
export function createBodyReader(): BodyReader {
  let held = 0
  const heldOf = createCounts()
  const hold = (personId: string, bytes: number) => {
    held += bytes
    return heldOf.add(personId, bytes)
  }
  return async (request, personId, takeTurn, begin) => {
    const { method, headers } = request
    const announced = headers['content-length']
    if (!hasBody(request)) return none
    if (method === 'GET' || method === 'HEAD')
      throw new GatewayRefusal('bad_body', 400, `a ${method} request cannot have a body`)
    if (announced !== undefined && Number(announced) > maxBytes) throw tooLarge()
    begin()
    const chunks: Buffer[] = []
    let size = 0
    const release = () => {
      hold(personId, -size)
      size = 0
    }
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length
        const own = hold(personId, chunk.length)
        if (size > maxBytes) throw tooLarge()
        const alone = own === size
        if (own > maxBytesOfOne || held > maxBytesInAll * (alone ? 1 : 1 - reservedShare))
          throw new GatewayRefusal('too_busy', 429, 'the gateway is busy; retry shortly', { retryAfterSeconds: 1 })
        chunks.push(chunk)
        await takeTurn()
      }
      return { body: chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks), release }
    } catch (error) {
      release()
      if (error instanceof GatewayRefusal) throw error
      throw new GatewayRefusal('bad_body', 400, 'the request body is incomplete', undefined, error)
    }
  }
}
