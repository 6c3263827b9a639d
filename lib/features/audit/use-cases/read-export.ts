import { z } from 'zod'
import { selectAuditRows } from '#lib/features/audit/db/select-audit-rows.ts'
import type { SelectChainRows } from '#lib/features/audit/db/select-chain-rows.ts'
import type { ClaimedExport } from '#lib/features/audit/db/write-trail-export.ts'
import { eventOfRow, exportEvent } from '#lib/features/audit/export/cloud-events.ts'
import { auditHeader, formatAuditRow } from '#lib/features/audit/export/format-event.ts'
import { type AuditFilter, auditFilter } from '#lib/features/audit/model/audit-filter.ts'
import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { renderCloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import type { ExportFormat } from '#lib/features/audit/model/trail-export.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { sourceOf } from './event-source.ts'
import { readChain } from './read-chain.ts'

export type Page = {
  text: string
  events: number
  /** Where the next page starts. */
  cursor: string
  reached: Date | null
  isLast: boolean
}

const rowsPerPage = 1_000
const eventsPerPage = { events: 5_000, bytes: 8_000_000 } as const

/**
 * The stored filter.
 * @throws zod's error if an older release allowed more
 */
function parseStored(filter: Readonly<Record<string, unknown>>): AuditFilter {
  const instant = z.iso.datetime().transform((text) => new Date(text))
  const given = { ...filter }
  for (const name of ['from', 'until']) if (name in given) given[name] = instant.parse(given[name])
  return auditFilter.parse(given)
}

/** @returns whether an export is the chain itself, in order, which can be verified as a whole */
export const wholeChain = (format: ExportFormat, filter: Readonly<Record<string, unknown>>): boolean =>
  format === 'ndjson' && Object.keys(filter).length === 0

type ExportPosition = Pick<
  ClaimedExport,
  'id' | 'personId' | 'format' | 'filter' | 'cursor' | 'events' | 'createdAt'
> & {
  until: number
}

/**
 * @param given an export, the start of its next page (empty: its beginning), and its last block
 * @returns the next page
 */
export async function readPage(ctx: ExportReader, given: ExportPosition): Promise<Page> {
  return wholeChain(given.format, given.filter) ? readChainPage(ctx, given) : readSelection(ctx, given)
}

const place = /^(\d+)\.(\d+)\.(\d+)$/

async function readChainPage(ctx: Pick<Services, 'pool' | 'portalUrl'>, given: ExportPosition): Promise<Page> {
  const { cursor, until } = given
  const [, block = '0', position = '0', checkpoint = '0'] = place.exec(cursor) ?? []
  const from = { block: Number(block), position: Number(position), checkpoint: Number(checkpoint) }
  const { events, to, more } = await readChain(ctx, from, eventsPerPage, until)
  const isLast = !more || to.block >= until
  const lines = events.map(({ text }) => `${text}\n`)
  if (cursor === '') lines.unshift(mark(ctx, given, { part: 'begin', lastBlock: until }))
  if (isLast) lines.push(mark(ctx, given, { part: 'end', events: given.events + events.length }))
  const reached = events.at(-1)?.event.time
  return {
    text: lines.join(''),
    events: events.length,
    cursor: `${to.block}.${to.position}.${to.checkpoint}`,
    reached: reached === undefined ? null : new Date(reached),
    isLast,
  }
}

async function readSelection(ctx: ExportReader, given: ExportPosition): Promise<Page> {
  const { cursor, format } = given
  const before = cursor === '' ? undefined : cursor
  const rows = await selectAuditRows(ctx.pool, { ...parseStored(given.filter), before }, rowsPerPage, {
    by: given.personId,
  })
  const isLast = rows.length < rowsPerPage
  const last = rows.at(-1)
  const { text, events } = await renderRows(ctx, rows, format)
  const begin = cursor === '' ? (format === 'csv' ? auditHeader() : mark(ctx, given, { part: 'begin' })) : ''
  const end = isLast && format === 'ndjson' ? mark(ctx, given, { part: 'end', events: given.events + events }) : ''
  return { text: begin + text + end, events, cursor: last?.seq ?? cursor, reached: last?.at ?? null, isLast }
}

export type ExportReader = Pick<Services, 'pool' | 'portalUrl'> & { selectChainRows: SelectChainRows }

/** @returns listed rows as lines of a file. CloudEvents have separate lines for an action’s intent and outcome. */
export async function renderRows(
  { portalUrl, selectChainRows }: Pick<ExportReader, 'portalUrl' | 'selectChainRows'>,
  rows: readonly AuditRow[],
  format: ExportFormat,
): Promise<{ text: string; events: number }> {
  if (format === 'csv') return { text: rows.map(formatAuditRow).join(''), events: rows.length }
  const chainRows = await selectChainRows(rows)
  const lines = chainRows.map((row) => `${renderCloudEvent(eventOfRow(row, sourceOf(portalUrl)))}\n`)
  return { text: lines.join(''), events: lines.length }
}

/** The first and last line, which describe the file and prove that it is complete. */
const mark = (
  { portalUrl }: Pick<Services, 'portalUrl'>,
  { id, filter, createdAt }: ExportPosition,
  more: { part: 'begin' | 'end' } & Record<string, unknown>,
): string => `${renderCloudEvent(exportEvent({ id, filter, at: createdAt, ...more }, sourceOf(portalUrl)))}\n`
