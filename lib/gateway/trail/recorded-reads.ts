/**
 * The rows of the trail about reads of secrets and logs. The first read of a minute is durable in the trail before it
 * is sent: a read under the gateway's identity without a covering row was not sent by the gateway. Repeats within the
 * minute refer to the first in their Audit-ID, and are counted in one more row. One person causes a limited number of
 * rows.
 */
import { randomUUID } from 'node:crypto'
import { renderAuditId } from '#lib/features/cluster-audit/model/recorded-audit-id.ts'
import type { RequestState } from '#lib/gateway/exchange.ts'
import { trailUnavailable } from '#lib/gateway/refusal.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import type { AuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import { type DescribeOptions, describeExchange } from './describe-exchange.ts'
import type { Outcome } from './outcome-writer.ts'
import { fitting } from './recorded-rows.ts'

const windowMs = 60_000
const flushMs = 5_000
/** Rows of one person per minute. Further reads share one row per namespace, and then one per cluster. */
const maxRows = { byName: 200, byNamespace: 400 }

export type RecordedRead = {
  /** For the request to the API server. */
  auditId: string
  isOwn: boolean
  /** Records how it was answered; only the first call counts. */
  end(outcome: Outcome): void
}

export type RecordedReads = {
  /** Resolves once a row that covers the read is durable. @throws GatewayRefusal trail_unavailable */
  read(known: RequestState): Promise<RecordedRead>
  close(): void
}

/** `last`: the latest repeat. */
type Entry = {
  auditId: string
  written: Promise<void>
  until: number
  repeated: number
  last: AuditEventInput
  /** Names read by the repeats, if the row covers several: only existing objects, so that misses don't hide them. */
  names: Set<string>
}

/** @param options.clock milliseconds since the epoch */
export function createRecordedReads(writer: AuditWriter, options: DescribeOptions): RecordedReads {
  const { clock } = options
  const people = new Map<string, Map<string, Entry>>()

  function writeRepeats({ last, repeated, names }: Entry): void {
    if (repeated === 0) return
    const detail = { ...last.detail, repeated, ...(names.size > 0 && { names: [...names] }) }
    void writer.writeOutcome({ ...last, id: randomUUID(), at: new Date(clock()), outcome: 'ok', detail })
  }

  function flush(all: boolean): void {
    for (const [person, kinds] of people) {
      for (const [kind, entry] of kinds) {
        if (!all && entry.until > clock()) continue
        kinds.delete(kind)
        writeRepeats(entry)
      }
      if (kinds.size === 0) people.delete(person)
    }
  }
  const timer = setInterval(() => flush(false), flushMs)
  timer.unref()

  async function begin(kinds: Map<string, Entry>, { kind, event, name }: RowScope, id: string): Promise<RecordedRead> {
    const intentId = randomUUID()
    const written = writer.append({ ...event, id: intentId })
    const entry = {
      auditId: id,
      written,
      until: clock() + windowMs,
      repeated: 0,
      last: event,
      names: new Set<string>(),
    }
    kinds.set(kind, entry)
    await written.catch((cause: unknown) => {
      if (kinds.get(kind) === entry) kinds.delete(kind)
      throw trailUnavailable(cause)
    })
    return {
      auditId: id,
      isOwn: true,
      end: once(({ outcome, code, reason }) => {
        const ended = { ...event, at: new Date(clock()), intentId, outcome, reason }
        const names = outcome === 'ok' && name ? { names: [name] } : {}
        void writer.writeOutcome({ ...ended, detail: { ...event.detail, code, ...names } })
      }),
    }
  }

  async function repeat(entry: Entry, { event, name }: RowScope, id: string): Promise<RecordedRead> {
    await entry.written.catch((cause: unknown) => {
      throw trailUnavailable(cause)
    })
    const auditId = renderAuditId(id, entry.auditId)
    return {
      auditId,
      isOwn: false,
      end: once(({ outcome, code }) => {
        if (outcome !== 'ok') return
        entry.repeated++
        if (name && fitting([...entry.names, name]).includes(name)) entry.names.add(name)
        entry.last = { ...event, clusterAuditId: auditId, detail: { ...event.detail, code } }
      }),
    }
  }

  return {
    async read(known) {
      const { id } = known.exchange
      const person = known.access?.person.id ?? ''
      const kinds = people.get(person) ?? new Map<string, Entry>()
      people.set(person, kinds)
      const described = { ...describeRead(known, options), clusterAuditId: id }
      const narrowed = narrowest(described, kinds)
      const entry = kinds.get(narrowed.kind)
      if (entry && entry.until > clock()) return repeat(entry, narrowed, id)
      if (entry) writeRepeats(entry)
      return begin(kinds, narrowed, id)
    },
    close() {
      clearInterval(timer)
      flush(true)
    },
  }
}

function describeRead(known: RequestState, options: DescribeOptions): AuditEventInput {
  const { target } = known
  const described = describeExchange(known, options)
  const query = new URLSearchParams(target?.kind === 'resource' ? target.query : '')
  const chosen = ['fieldSelector', 'labelSelector', 'container'].flatMap((name) => {
    const value = query.get(name)
    return value ? [[name, value] as const] : []
  })
  return { ...described, detail: { ...described.detail, ...Object.fromEntries(chosen) } }
}

/** `name`: the object read, if the row itself doesn't name it. */
type RowScope = { kind: string; event: AuditEventInput; name?: string | undefined }

/** @returns the most specific row that there is room for, and what it shares with the reads it covers */
function narrowest(event: AuditEventInput, kinds: ReadonlyMap<string, unknown>): RowScope {
  const { action, destination, namespace, target, detail } = event
  const wide = JSON.stringify([action, destination, target.kind])
  const coarse = JSON.stringify([wide, namespace])
  const fine = JSON.stringify([coarse, target.name, detail?.fieldSelector, detail?.labelSelector, detail?.container])
  if (kinds.has(fine) || kinds.size < maxRows.byName) return { kind: fine, event }
  const several = { ...event, target: { kind: target.kind }, detail: { ...detail, several: true } }
  if (kinds.has(coarse) || kinds.size < maxRows.byNamespace) return { kind: coarse, event: several, name: target.name }
  const name = target.name && `${namespace}/${target.name}`
  return { kind: wide, event: { ...several, namespace: undefined, spaceId: undefined }, name }
}

function once<T>(run: (value: T) => void): (value: T) => void {
  let done = false
  return (value) => {
    if (done) return
    done = true
    run(value)
  }
}
