import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { createChainRowReader } from '#lib/features/audit/db/select-chain-rows.ts'
import {
  addTrailExportPart,
  boundTrailExport,
  type ClaimedExport,
  claimTrailExport,
  failTrailExport,
  measureChain,
  measureTrailExports,
  releaseTrailExport,
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

/** How long an export is written before the next one gets its turn. */
const turnMs = 10_000
/** Longer than a part takes, even on a busy machine. */
const leaseMs = 60_000
const maxAttempts = 5
const retryMs = 5_000
/** A part has at least this many bytes of text, unless it is the last. */
const minPartBytes = 4_000_000

/**
 * Writes waiting exports of the trail, each for a while, part by part. A part and the new position are written
 * together, so the worker that continues after a crash neither repeats nor skips anything.
 * @param signal stops it: the current part is finished or discarded
 */
export async function writeExports(ctx: SystemContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const taken = await claimTrailExport(ctx.pool, ctx.clock(), leaseMs)
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

async function writeForAWhile(ctx: SystemContext, taken: ClaimedExport, signal: AbortSignal): Promise<void> {
  const giveTurnAt = performance.now() + turnMs
  let now = { ...taken, until: taken.until ?? (await bound(ctx, taken)) }
  const reader = { ...ctx, selectChainRows: createChainRowReader(ctx.pool) }
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

/** Sets the end of the export. Later events aren’t included. */
async function bound(ctx: SystemContext, { id, filter, format }: ClaimedExport): Promise<number> {
  const { last, events } = await measureChain(ctx.pool)
  await boundTrailExport(ctx.pool, id, { until: last, total: wholeChain(format, filter) ? events : null })
  return last
}

async function readPart(reader: ExportReader, given: ClaimedExport & { until: number }): Promise<Page> {
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
