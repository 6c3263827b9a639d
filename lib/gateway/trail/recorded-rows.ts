/**
 * Rows that no request waits for: refusals, and Secrets shown by answers to changes. Anyone can cause any number, so
 * they are limited.
 */

import type { RequestState } from '#lib/gateway/exchange.ts'
import type { SecretsShown } from '#lib/gateway/request/answer-reader.ts'
import type { AuditReason } from '#lib/kernel/model/audit/audit-reason.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import type { AuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import type { Logger } from '#lib/observability/logger.ts'
import { type BoundedRows, createBoundedRows, type RowKind } from './bounded-rows.ts'
import { type DescribeOptions, describeExchange } from './describe-exchange.ts'

/** Per minute and reason; no real work causes more. A refusal for doing too much needs only one row. */
const maxRowsOfPerson = 600
const maxRowsOfSource = 1
/** For all sources without a credential together. */
const maxRowsOfStrangers = 120
const strangersWindowMs = 60_000
const maxRowsQueued = 2_000
/** In characters. */
const maxNamesLength = 4_000

export type RecordedRows = {
  /** `cut`: it ended an open stream. */
  refused(known: RequestState, reason: { key: AuditReason; status: number; message: string }, cut?: boolean): void
  /** Also for the answer to a dry run. */
  secretsShown(known: RequestState, code: number, shown: SecretsShown): void
  close(): void
}

export type RecordedRowsOptions = DescribeOptions & {
  writer: AuditWriter
  log: Logger
  onDropped: () => void
}

export function createRecordedRows(options: RecordedRowsOptions): RecordedRows {
  const rows = createBoundedRows(inBackground(options), options.clock, options.onDropped)
  const kindOfStranger = strangerKinds(rows, options.clock)
  return {
    refused(known, { key, status, message }, cut = false) {
      const described = describeExchange(known, options)
      const event: AuditEventInput = {
        ...described,
        outcome: 'refused',
        reason: key,
        detail: { ...described.detail, code: status, message, ...(cut && { cut: true }) },
      }
      const { access, exchange } = known
      const mine = access && { party: access.person.id, kind: key, coarse: key }
      if (mine) rows.add(event, mine, status === 429 ? 1 : maxRowsOfPerson)
      else rows.add(event, kindOfStranger(exchange.source, key), maxRowsOfSource)
    },
    secretsShown(known, code, { names, count }) {
      const { target, access, exchange } = known
      if (target?.kind !== 'resource' || !access) return
      const described = describeExchange(known, options)
      const action = target.name === '' ? 'kubectl.list' : 'kubectl.get'
      const coarse = [action, 'by a change', target.cluster, target.namespace].join(' ')
      const kind = [coarse, target.verb, known.dryRun ? 'dry run' : '', target.name, ...names].join(' ')
      const detail = { ...described.detail, code, ...(target.name === '' && { names: fitting(names), count }) }
      const event: AuditEventInput = { ...described, action, outcome: 'ok', clusterAuditId: exchange.id, detail }
      rows.add(event, { party: access.person.id, kind, coarse }, 1)
    },
    close: rows.close,
  }
}

export function fitting(names: readonly string[]): string[] {
  let length = 0
  return names.filter((name) => {
    length += name.length
    return length <= maxNamesLength
  })
}

/** @returns a function that writes a row in the background; a full queue drops the row and counts it */
function inBackground({ writer, log, onDropped }: RecordedRowsOptions): (event: AuditEventInput) => void {
  return (event) => {
    if (writer.queued() >= maxRowsQueued) return onDropped()
    writer.append(event).catch((error: unknown) => {
      onDropped()
      log.warn({ error, requestId: event.requestId }, 'a row is missing from the trail')
    })
  }
}

/** @returns a function that gives each source its own kind, or all of them one kind once there are too many */
function strangerKinds(rows: BoundedRows, clock: () => number): (source: string, reason: string) => RowKind {
  let since = clock()
  let count = 0
  return (source, reason) => {
    const coarse = `all ${reason}`
    const own = { party: 'strangers', kind: `${sourceKey(source)} ${reason}`, coarse }
    if (rows.has(own.party, own.kind)) return own
    if (clock() - since >= strangersWindowMs) {
      since = clock()
      count = 0
    }
    return ++count > maxRowsOfStrangers ? { ...own, kind: coarse } : own
  }
}
