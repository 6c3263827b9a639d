/**
 * What the gateway writes into the trail. An intent is durable before anything goes upstream; its outcome before the
 * answer ends. Refusals, reads of secrets and the ends of streams are written beside the answer. Nothing here may fill the
 * memory or flood the trail.
 */
import { randomUUID } from 'node:crypto'
import type { AuditEventInput, AuditOutcome } from '#lib/audit/audit-event.ts'
import type { AuditWriter } from '#lib/audit/audit-writer.ts'
import type { AuditReason } from '#lib/domain/audit-reason.ts'
import { sourceKey } from '#lib/domain/source-key.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { createBoundedRows, type RowKind } from './bounded-rows.ts'
import { type DescribeOptions, describeExchange } from './describe-exchange.ts'
import type { Exchange } from './exchange.ts'
import { GatewayRefusal } from './refusal.ts'

/** More in a minute than a person's rows is no work that anybody does. Of a refusal for doing too much one row says it all. */
const maxRowsOfPerson = 600
const maxRowsOfSource = 1
/** Of all sources without a credential together. */
const maxRowsOfStrangers = 120
const strangersWindowMs = 60_000
const mostRowsQueued = 2_000

export type Outcome = { outcome: AuditOutcome; code: number; reason?: AuditReason | undefined }

/** @returns what came of a change, by the API server's answer */
export function outcomeOf(code: number): Outcome {
  if (code < 400) return { outcome: 'ok', code }
  return { outcome: code === 401 || code === 403 ? 'refused' : 'failed', code, reason: `cluster_${code}` }
}

/** How long an upgraded stream lasted, in seconds, and how many bytes went each way. */
export type StreamEnd = { seconds: number; bytesToPod: number; bytesFromPod: number }

export type Trail = {
  /** Resolves to the intent's id once it is durable. @throws GatewayRefusal trail_unavailable */
  intent(exchange: Exchange): Promise<string>
  /** Resolves once the outcome is durable, or after a bounded wait. */
  outcome(exchange: Exchange, intentId: string, outcome: Outcome): Promise<void>
  /** Notes a refusal without anybody waiting for it. `cut`: a stream that was open was ended by it. */
  refused(exchange: Exchange, reason: { key: AuditReason; status: number; message: string }, cut?: boolean): void
  /** Notes that secrets were read; the same again within a minute is counted. */
  secretsRead(exchange: Exchange, code: number): void
  /** Notes the end of a stream whose beginning the intent told. */
  streamEnded(exchange: Exchange, intentId: string, end: StreamEnd): void
  close(): void
}

type Options = DescribeOptions & {
  writer: AuditWriter
  log: Logger
  onDropped: () => void
}

export function createTrail({ writer, log, onDropped, ...options }: Options): Trail {
  const { clock } = options
  const rows = createBoundedRows(write, clock, onDropped)
  let strangers = { since: clock(), rows: 0 }

  /** Written beside the answer; a full queue loses it, and that is counted. */
  function write(event: AuditEventInput): void {
    if (writer.queued() >= mostRowsQueued) {
      onDropped()
      return
    }
    writer.append(event).catch((error: unknown) => {
      onDropped()
      log.warn({ error, requestId: event.requestId }, 'a row is missing from the trail')
    })
  }

  /** Each source once; and where too many sources come at once, all of them together. */
  function kindOfStranger(source: string, reason: string): RowKind {
    const coarse = `all ${reason}`
    const own = { party: 'strangers', kind: `${sourceKey(source)} ${reason}`, coarse }
    if (rows.has(own.party, own.kind)) return own
    if (clock() - strangers.since >= strangersWindowMs) strangers = { since: clock(), rows: 0 }
    return ++strangers.rows > maxRowsOfStrangers ? { ...own, kind: coarse } : own
  }

  return {
    async intent(exchange) {
      const id = randomUUID()
      try {
        await writer.append({ ...describeExchange(exchange, options), id, clusterAuditId: exchange.id })
        return id
      } catch (cause) {
        const message = 'the audit trail can’t be written right now, so nothing was done; try again in a moment'
        throw new GatewayRefusal('trail_unavailable', 503, message, { retryAfterSeconds: 1 }, cause)
      }
    },
    async outcome(exchange, intentId, { outcome, code, reason }) {
      const described = describeExchange(exchange, options)
      await writer.settle({
        ...described,
        intentId,
        outcome,
        reason,
        clusterAuditId: exchange.id,
        detail: { ...described.detail, code },
      })
    },
    refused(exchange, { key, status, message }, cut = false) {
      const described = describeExchange(exchange, options)
      const event: AuditEventInput = {
        ...described,
        outcome: 'refused',
        reason: key,
        detail: { ...described.detail, code: status, message, ...(cut && { cut: true }) },
      }
      const { access, source } = exchange
      const mine = access && { party: access.person.id, kind: key, coarse: key }
      if (mine) rows.add(event, mine, status === 429 ? 1 : maxRowsOfPerson)
      else rows.add(event, kindOfStranger(source, key), maxRowsOfSource)
    },
    secretsRead(exchange, code) {
      const described = describeExchange(exchange, options)
      const { target, access } = exchange
      if (target?.kind !== 'resource' || !access) return
      const selectors = new URLSearchParams(target.query)
      const chosen = ['fieldSelector', 'labelSelector'].flatMap((name) => {
        const value = selectors.get(name)
        return value ? [[name, value] as const] : []
      })
      const coarse = [described.action, target.cluster, target.namespace].join(' ')
      const kind = [coarse, target.name, ...chosen.flat()].join(' ')
      const detail = { ...described.detail, code, ...Object.fromEntries(chosen) }
      const event: AuditEventInput = { ...described, outcome: 'ok', clusterAuditId: exchange.id, detail }
      rows.add(event, { party: access.person.id, kind, coarse }, 1)
    },
    streamEnded(exchange, intentId, end) {
      const described = describeExchange(exchange, options)
      const detail = { ...described.detail, intent: intentId, stream: described.action, ...end }
      void writer.settle({
        ...described,
        action: 'kubectl.stream-end',
        outcome: 'ok',
        clusterAuditId: exchange.id,
        detail,
      })
    },
    close: rows.close,
  }
}
