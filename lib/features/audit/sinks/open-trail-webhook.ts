import { Client } from 'undici'
import { failureOf } from '#lib/features/audit/model/sink-failure.ts'
import { parseRetryAfter } from '#lib/kernel/webhook/retry-after.ts'
import { signatureHeaders } from '#lib/kernel/webhook/sign.ts'
import type { TrailSink } from './trail-sink.ts'

type Settings = {
  url: string
  /** Empty: no token. */
  token: string
  /** In the format of Standard Webhooks; empty: messages aren’t signed. */
  secret: string
  /** @returns the CA certificates (PEM) for the receiver; undefined: the public ones. It may change. */
  readCa?: (() => string) | undefined
  maxMs?: number
}

const maxReadBytes = 4_096

/**
 * The operator’s webhook receiver: batches of CloudEvents by HTTP (CloudEvents HTTP protocol binding 1.0, section 3.3),
 * signed like people’s webhooks. The operator chose the address, so it may be internal. Redirects aren't followed.
 * @param settings.maxMs the maximum time for a batch
 */
export function openTrailWebhook({ url, token, secret, readCa, maxMs = 30_000 }: Settings): TrailSink {
  const to = new URL(url)
  const closed = new AbortController()
  let client: { ca: string | undefined; http: Client } | undefined

  /** One connection is reused until the CA changes. */
  function connection(): Client {
    const ca = readCa?.()
    if (client && client.ca === ca && !client.http.closed && !client.http.destroyed) return client.http
    client?.http.destroy().catch(() => undefined)
    const http = new Client(to.origin, {
      connect: { timeout: maxMs, ...(ca !== undefined && { ca }) },
      headersTimeout: maxMs,
      bodyTimeout: maxMs,
      allowH2: false,
    })
    client = { ca, http }
    return http
  }

  return {
    name: 'webhook',
    host: to.host,
    gatherMs: 500,
    async send({ id, events, at }, stopped) {
      const body = `[${events.map(({ text }) => text).join(',')}]`
      const signal = AbortSignal.any([AbortSignal.timeout(maxMs), closed.signal, stopped])
      try {
        const answer = await connection().request({
          method: 'POST',
          path: to.pathname + to.search,
          headers: {
            'content-type': 'application/cloudevents-batch+json; charset=UTF-8',
            'user-agent': 'Spaceport',
            ...(token !== '' && { authorization: `Bearer ${token}` }),
            ...(secret !== '' && signatureHeaders({ secret, id, at, body })),
          },
          body,
          signal,
        })
        await answer.body.dump({ limit: maxReadBytes, signal }).catch(() => undefined)
        const { statusCode: status, headers } = answer
        if (status >= 200 && status < 300) return { taken: true }
        return {
          taken: false,
          why: { kind: 'http', status },
          retryAfterMs: parseRetryAfter(headers['retry-after'], at),
        }
      } catch (error) {
        return { taken: false, why: failureOf(error) }
      }
    },
    close() {
      closed.abort()
      client?.http.destroy().catch(() => undefined)
    },
  }
}
