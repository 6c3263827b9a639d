/**
 * Sends webhooks. Must never let a URL that a person chose reach anything that a stranger on the Internet couldn’t,
 * unless the operator listed it: each connection is judged by the address that it goes to, so a name that means something
 * else by now gains nothing. Must tell nothing about the network inside: all that gets no answer looks the same.
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
  /** @returns whether a webhook may go there, as its name is resolved now */
  mayReach(url: string): Promise<boolean>
  /** Sends one message. @returns null: there was no answer */
  send(message: SignedMessage): Promise<WebhookAnswer>
  /** What the database keeps of a person’s URL or secret. */
  seal(text: string, userId: string): Promise<string>
  /** @returns null if it was sealed with another secret, or for somebody else */
  open(sealed: string, userId: string): Promise<string | null>
  /** Messages that are still being sent are not sent. */
  close(): void
}

type Settings = ReachOptions & {
  /** SPACEPORT_WEBHOOK_SECRET */
  secret: string
  /** How names are resolved that people chose. */
  resolve?: (host: string) => Promise<LookupAddress[]>
  maxMs?: number
}

const maxReadBytes = 4_096

const blocked = () => Object.assign(new Error('a webhook may not go there'), { code: 'BLOCKED' })

const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '')

/** @returns what sends webhooks; each message on a connection of its own */
export function openWebhooks({ secret, resolve = resolveByDns, maxMs = 10_000, ...options }: Settings): Webhooks {
  const reach = createReach(options)
  const closed = new AbortController()

  /** @returns the addresses that a target may be reached at */
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
      // Node looks no address up that is written as one.
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
        // The status is the answer. What follows is taken off the wire as long as it is short.
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

/** Sealed for one person: nobody who can copy rows can make another’s URL theirs. */
const purposeOf = (userId: string): string => `webhook of ${userId}`

/** @returns for the log: a code, never a text that may contain the URL */
function whyOf(error: unknown): string {
  const { code, name } = Object(error)
  return String(code ?? name).slice(0, 60)
}
