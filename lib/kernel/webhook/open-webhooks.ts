/**
 * Sends webhooks. A URL that a person chose must only reach public Internet addresses, unless the operator listed it:
 * each connection is checked by its actual address, so a changed DNS record is no way around. Reveals nothing about the
 * internal network: all failures without an answer look the same.
 */
import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector, Client } from 'undici'
import { isLoopback } from '#lib/config/is-loopback.ts'
import { decryptText, encryptText } from '#lib/encryption/encrypted-text.ts'
import { createReach, type ReachOptions, type Target, targetOf } from './reach.ts'
import { resolveByDns, resolveBySystem } from './resolve-host.ts'
import { parseRetryAfter } from './retry-after.ts'
import { signatureHeaders } from './sign.ts'
import type { WebhookAnswer } from './webhook-answer.ts'

export type SignedMessage = { url: string; secret: string; id: string; at: Date; body: string }

export type Webhooks = {
  /** @returns whether a webhook may go there, as its name resolves now */
  mayReach(url: string): Promise<boolean>
  /** Sends one message. @returns a null status if there was no answer */
  send(message: SignedMessage): Promise<WebhookAnswer>
  /** Encrypts a person’s URL or secret for the database. */
  seal(text: string, userId: string): Promise<string>
  /** @returns null if the secret or the person is another */
  open(sealed: string, userId: string): Promise<string | null>
  /** Cancels messages that are being sent. */
  close(): void
}

type Settings = ReachOptions & {
  /** SPACEPORT_WEBHOOK_SECRET */
  secret: string
  /** How to resolve names that people chose. */
  resolve?: (host: string) => Promise<LookupAddress[]>
  maxMs?: number
}

const maxReadBytes = 4_096

const blocked = () => Object.assign(new Error('a webhook may not go there'), { code: 'BLOCKED' })

const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

export function openWebhooks({ secret, resolve = resolveByDns, maxMs = 10_000, ...options }: Settings): Webhooks {
  const reach = createReach(options)
  const closed = new AbortController()

  async function addressesOf(target: Target): Promise<LookupAddress[]> {
    const host = bareHost(target.host)
    const family = isIP(host)
    if (family !== 0) return reach.allows(target, host) ? [{ address: host, family }] : []
    const found = await (reach.lists(target) || isLoopback(host) ? resolveBySystem(host) : resolve(host))
    return found.filter(({ address }) => reach.allows(target, address))
  }

  function connectTo(target: Target): buildConnector.connector {
    const lookup: LookupFunction = (_host, { all }, done) => {
      addressesOf(target).then(
        (found) => {
          const [first] = found
          if (!first) done(blocked(), '')
          else if (all) done(null, found)
          else done(null, first.address, first.family)
        },
        (error: NodeJS.ErrnoException) => done(error, ''),
      )
    }
    const connect = buildConnector({ timeout: maxMs, lookup, allowH2: false, maxCachedSessions: 0 })
    return (given, done) => {
      // Node doesn't look up IP addresses.
      if (isIP(bareHost(target.host)) !== 0 && !reach.allows(target, bareHost(target.host)))
        return done(blocked(), null)
      connect(given, (error, socket) => {
        if (error) return done(error, null)
        if (reach.allows(target, socket.remoteAddress ?? '')) return done(null, socket)
        socket.destroy()
        done(blocked(), null)
      })
    }
  }

  return {
    async mayReach(url) {
      return (await addressesOf(targetOf(new URL(url))).catch(() => [])).length > 0
    },
    async send({ url, body, ...message }) {
      const to = new URL(url)
      const client = new Client(to.origin, { connect: connectTo(targetOf(to)) })
      const signal = AbortSignal.any([AbortSignal.timeout(maxMs), closed.signal])
      try {
        const {
          statusCode,
          headers,
          body: answer,
        } = await client.request({
          method: 'POST',
          path: to.pathname + to.search,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Spaceport',
            ...signatureHeaders({ body, ...message }),
          },
          body,
          signal,
        })
        // The status is the answer. The body is discarded, up to the limit.
        await answer.dump({ limit: maxReadBytes, signal }).catch(() => undefined)
        return { status: statusCode, retryAfterMs: parseRetryAfter(headers['retry-after'], message.at) }
      } catch (error) {
        return { status: null, why: whyOf(error) }
      } finally {
        client.destroy().catch(() => undefined)
      }
    },
    seal: (text, userId) => encryptText(text, { secret, purpose: purposeOf(userId) }),
    open: (sealed, userId) => decryptText(sealed, { secret, purpose: purposeOf(userId) }),
    close: () => closed.abort(),
  }
}

/** Encrypted per person, so that copying rows can't turn another person’s URL into one’s own. */
const purposeOf = (userId: string): string => `webhook of ${userId}`

/** @returns a code for the log, never text that may contain the URL */
function whyOf(error: unknown): string {
  const { code, name } = Object(error)
  return String(code ?? name).slice(0, 60)
}
