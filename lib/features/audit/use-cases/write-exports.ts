import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { createPlacedRows } from '#lib/features/audit/db/select-placed-rows.ts'
import {
  addTrailExportPart,
  boundTrailExport,
  failTrailExport,
  measureChain,
  measureTrailExports,
  releaseTrailExport,
  type TakenExport,
  takeTrailExport,
} from '#lib/features/audit/db/write-trail-export.ts'
import {
  type ExportError,
  maxAllExportBytes,
  maxExportBytes,
  maxOwnExportBytes,
} from '#lib/features/audit/model/trail-export.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { type ExportReader, type Page, readPage, wholeChain } from './read-export.ts'

const compress = promisify(gzip)

/** How long one export is written before the next has its turn. */
const turnMs = 10_000
/** Longer than a part takes, however busy the machine. */
const leaseMs = 60_000
const maxAttempts = 5
const retryMs = 5_000
/** A part has at least this many bytes of text, unless it is the last. */
const minPartBytes = 4_000_000

/**
 * Writes exports of the trail that people wait for, each for a while, part by part. A part and how far it reaches are
 * written together, so whoever goes on after a worker that died adds nothing twice and leaves nothing out.
 * @param signal when to stop: the part that is being written is finished or left out
 */
export async function writeExports(ctx: SystemContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const taken = await takeTrailExport(ctx.pool, ctx.clock(), leaseMs)
    if (!taken) return
    try {
      await writeForAWhile(ctx, taken, signal)
    } catch (error) {
      ctx.log.warn({ error, export: taken.id, attempts: taken.attempts }, 'an export of the trail failed')
      if (taken.attempts >= maxAttempts) await fail(ctx, taken.id, 'broken')
      else await releaseTrailExport(ctx.pool, taken.id, new Date(ctx.clock().getTime() + retryMs * taken.attempts))
    }
  }
}

async function writeForAWhile(ctx: SystemContext, taken: TakenExport, signal: AbortSignal): Promise<void> {
  const giveTurnAt = performance.now() + turnMs
  let now = { ...taken, until: taken.until ?? (await bound(ctx, taken)) }
  const reader = { ...ctx, selectPlacedRows: createPlacedRows(ctx.pool) }
  while (!signal.aborted) {
    if (now.bytes > maxExportBytes) return fail(ctx, now.id, 'too_large')
    const taking = await measureTrailExports(ctx.pool, now.personId)
    if (taking.own > maxOwnExportBytes) return fail(ctx, now.id, 'own_room')
    if (taking.all > maxAllExportBytes) return fail(ctx, now.id, 'no_room')
    const part = await readPart(reader, now)
    const at = ctx.clock()
    const bytes = await compress(part.text)
    const takenUntil = new Date(at.getTime() + leaseMs)
    const { events, cursor, reached, isLast } = part
    if (!(await addTrailExportPart(ctx.pool, now, { bytes, events, cursor, reached, isLast, at, takenUntil }))) return
    metrics().trailExports.inc({ outcome: isLast ? 'done' : 'part' })
    if (isLast) return
    now = { ...now, cursor, parts: now.parts + 1, bytes: now.bytes + bytes.length, events: now.events + events }
    if (performance.now() > giveTurnAt) break
  }
  await releaseTrailExport(ctx.pool, taken.id, ctx.clock())
}

/** Settles where the export ends: what comes after it has begun isn’t in it. */
async function bound(ctx: SystemContext, { id, filter, format }: TakenExport): Promise<number> {
  const { last, events } = await measureChain(ctx.pool)
  await boundTrailExport(ctx.pool, id, { until: last, total: wholeChain(format, filter) ? events : null })
  return last
}

async function readPart(reader: ExportReader, given: TakenExport & { until: number }): Promise<Page> {
  const pieces: string[] = []
  let size = 0
  let events = 0
  let reached: Date | null = null
  let { cursor } = given
  for (;;) {
    const page = await readPage(reader, { ...given, cursor, events: given.events + events })
    pieces.push(page.text)
    size += page.text.length
    events += page.events
    reached = page.reached ?? reached
    cursor = page.cursor
    if (page.isLast || size >= minPartBytes)
      return { text: pieces.join(''), events, cursor, reached, isLast: page.isLast }
  }
}

async function fail(ctx: SystemContext, id: string, error: ExportError): Promise<void> {
  metrics().trailExports.inc({ outcome: 'failed' })
  await failTrailExport(ctx.pool, id, error, ctx.clock())
}
