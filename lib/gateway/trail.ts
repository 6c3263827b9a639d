/**
 * What the gateway writes into the trail. An intent is durable before anything goes upstream; its outcome before the
 * answer ends. Refusals are written beside the answer. Nothing here may fill the memory or flood the trail.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { AuditEventInput, AuditOutcome } from '#lib/audit/audit-event.ts'
import type { AuditWriter } from '#lib/audit/audit-writer.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { sourceKey } from '../domain/source-key.ts'
import { actorOf, type Exchange, spokenVerb } from './exchange.ts'
import { Refusal } from './refusal.ts'

/** How long an answer waits for its outcome to be durable; after that the outcome is still tried, the answer is given. */
const answerWaitMs = 5_000
const longestTryMs = 10 * 60_000
const mostLateOutcomes = 1_000
/**
 * Refusals of one person, or of one source without a credential, for one reason: so many rows at once, then one row with
 * the count of the rest, per window. More in a minute than a person's rows is no work that anybody does.
 */
const refusalWindowMs = 60_000
const mostRowsOfPerson = 600
const mostRowsOfSource = 1
const mostRefusedAtOnce = 10_000
const mostRefusalsQueued = 2_000

/** Where the query alone says so: a deletion's options may stand in its body instead, and streams know no dry run. */
const dryRunVerbs = new Set(['create', 'update', 'patch'])

export type Outcome = { outcome: AuditOutcome; code: number; reason?: string | undefined }

export type Trail = {
  /** Resolves to the intent's id once it is durable. @throws Refusal trail_unavailable */
  intent(exchange: Exchange): Promise<string>
  /** Resolves once the outcome is durable, or after a bounded wait. */
  outcome(exchange: Exchange, intentId: string, outcome: Outcome): Promise<void>
  /** Notes a refusal without anybody waiting for it. `cut`: a stream that was open was ended by it. */
  refused(exchange: Exchange, reason: { key: string; status: number; message: string }, cut?: boolean): void
  close(): Promise<void>
}

type Options = {
  writer: AuditWriter
  observer: string
  clock: () => number
  log: Logger
  onDropped: () => void
}

export function createTrail({ writer, observer, clock, log, onDropped }: Options): Trail {
  const refusals = new Map<string, { event: AuditEventInput; rows: number; repeated: number; until: number }>()
  const late = new Set<Promise<void>>()

  function describeExchange(exchange: Exchange): AuditEventInput {
    const { target, decision } = exchange
    const verb = spokenVerb(target)
    const resource = target?.kind === 'resource' ? target : undefined
    const space =
      decision?.as === 'person'
        ? decision.space
        : resource && exchange.access?.spaces.get(resource.cluster)?.get(resource.namespace)
    return {
      action: `kubectl.${verb}`,
      at: new Date(clock()),
      actor: actorOf(exchange),
      target: resource
        ? {
            kind: `${resource.resource}${resource.subresource && `/${resource.subresource}`}${resource.group && `.${resource.group}`}`,
            name: resource.name || exchange.createdName,
          }
        : { kind: 'path', name: target?.path ?? exchange.url.split('?', 1)[0] },
      spaceId: space?.spaceId,
      namespace: resource?.namespace || undefined,
      observer,
      sourceAddress: exchange.source,
      userAgent: exchange.userAgent,
      destination: target ? `cluster/${target.cluster}` : 'gateway',
      requestId: exchange.id,
      detail: {
        ...(resource && { verb: resource.verb }),
        ...(exchange.access && { credential: exchange.access.credential.id }),
        ...(resource?.dryRun && dryRunVerbs.has(verb) && { dryRun: true }),
      },
    }
  }

  /** Written beside the answer; a full queue loses it, and that is counted. */
  function write(event: AuditEventInput): void {
    if (writer.queued() >= mostRefusalsQueued) {
      onDropped()
      return
    }
    writer.append(event).catch((error: unknown) => {
      onDropped()
      log.warn({ error, requestId: event.requestId }, 'a refusal is missing from the trail')
    })
  }

  async function persist(event: AuditEventInput): Promise<void> {
    const giveUp = clock() + longestTryMs
    for (let pause = 50; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        return await writer.append(event)
      } catch (error) {
        if (clock() >= giveUp || late.size > mostLateOutcomes) {
          log.error(
            { error, requestId: event.requestId, intentId: event.intentId },
            'an outcome is missing from the trail',
          )
          return
        }
      }
      await delay(pause, undefined, { ref: false })
    }
  }

  function flushRefusals(all: boolean): void {
    for (const [key, entry] of refusals) {
      if (!all && entry.until > clock()) continue
      refusals.delete(key)
      if (entry.repeated > 0)
        write({
          ...entry.event,
          id: randomUUID(),
          at: new Date(clock()),
          detail: { ...entry.event.detail, repeated: entry.repeated },
        })
    }
  }
  const timer = setInterval(() => flushRefusals(false), 5_000)
  timer.unref()

  function writeBounded(event: AuditEventInput, who: string, mostRows: number): void {
    const key = `${who} ${event.reason}`
    const entry = refusals.get(key)
    if (entry && entry.rows >= mostRows) {
      entry.repeated++
      entry.event = event
      return
    }
    if (!entry && refusals.size >= mostRefusedAtOnce) {
      onDropped()
      return
    }
    if (entry) entry.rows++
    else refusals.set(key, { event, rows: 1, repeated: 0, until: clock() + refusalWindowMs })
    write(event)
  }

  return {
    async intent(exchange) {
      const id = randomUUID()
      try {
        await writer.append({ ...describeExchange(exchange), id, clusterAuditId: exchange.id })
        return id
      } catch (cause) {
        const message = 'the audit trail can’t be written right now, so nothing was done; try again in a moment'
        throw new Refusal('trail_unavailable', 503, message, { retryAfterSeconds: 1 }, cause)
      }
    },
    async outcome(exchange, intentId, { outcome, code, reason }) {
      const described = describeExchange(exchange)
      const written = persist({
        ...described,
        intentId,
        outcome,
        reason,
        clusterAuditId: exchange.id,
        detail: { ...described.detail, code },
      })
      late.add(written)
      void written.finally(() => late.delete(written))
      await Promise.race([written, delay(answerWaitMs, undefined, { ref: false })])
    },
    refused(exchange, { key, status, message }, cut = false) {
      const described = describeExchange(exchange)
      const event: AuditEventInput = {
        ...described,
        outcome: 'refused',
        reason: key,
        detail: { ...described.detail, code: status, message, ...(cut && { cut: true }) },
      }
      if (exchange.access) writeBounded(event, exchange.access.person.id, mostRowsOfPerson)
      else writeBounded(event, sourceKey(exchange.source), mostRowsOfSource)
    },
    async close() {
      clearInterval(timer)
      flushRefusals(true)
      await Promise.race([Promise.all(late), delay(answerWaitMs, undefined, { ref: false })])
    },
  }
}
