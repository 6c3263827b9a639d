import { z } from 'zod'
import {
  type AuditFilterText,
  auditFilterNames,
  isRecentSpan,
  recentSpans,
} from '#lib/features/audit/model/audit-filter.ts'
import { listAuditInput } from '#lib/features/audit/use-cases/list-audit.ts'
import { isDay } from '#lib/kernel/model/calendar.ts'

export type ParsedAuditQuery =
  | { ok: true; query: z.infer<typeof listAuditInput> }
  | { ok: false; fields: Record<string, string> }

const shape = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** A time without a zone is UTC, as the form says, whatever the server's zone. */
function instant(text: string): Date {
  const [, day = '', zone] = shape.exec(text) ?? []
  if (!isDay(day)) return new Date(Number.NaN)
  return new Date(zone !== undefined || !text.includes('T') ? text : `${text}Z`)
}

const sentences: Readonly<Record<string, string>> = {
  from: 'Enter a date and a time.',
  until: 'Enter a date and a time.',
  outcome: 'Choose one from the list.',
  route: 'Choose one from the list.',
  personId: 'This isn’t an ID.',
  spaceId: 'This isn’t an ID.',
  credentialId: 'This isn’t an ID.',
}

const hourMs = 3_600_000

/** @returns the start of the period: the later one if both are given */
function beginningOf({ from, within }: AuditFilterText, now: Date): Date | undefined {
  const typed = from ? instant(from) : undefined
  if (!within || !isRecentSpan(within)) return typed
  const recent = new Date(now.getTime() - recentSpans[within] * hourMs)
  return typed === undefined || typed < recent ? recent : typed
}

const tooLong = 'This is too long.'
const unsearchable = 'This contains a character that can’t be searched for.'

/**
 * @param now that `within` counts back from
 * @param before the `seq` from the URL that the page starts after
 * @returns the query, or a message for each unreadable filter
 */
export function parseAuditQuery(filterText: AuditFilterText, now: Date, before?: string): ParsedAuditQuery {
  const { from: _, until, within, ...filters } = filterText
  if (within && !isRecentSpan(within)) return { ok: false, fields: { within: 'Choose one from the list.' } }
  const from = beginningOf(filterText, now)
  const parsed = listAuditInput.safeParse({
    ...filters,
    ...(from && { from }),
    ...(until && { until: instant(until) }),
    ...(before && { before }),
  })
  if (parsed.success) return { ok: true, query: parsed.data }
  const fields: Record<string, string> = {}
  for (const { path, code, message } of parsed.error.issues) {
    const name = String(path[0] ?? 'text')
    fields[name] ??= sentences[name] ?? (code === 'custom' ? message : code === 'too_big' ? tooLong : unsearchable)
  }
  return { ok: false, fields }
}

const text = z.string().max(200).exactOptional()

/** The filters as query parameters, for routes that reject unknown parameters. */
export const auditFilterFields = Object.fromEntries(auditFilterNames.map((name) => [name, text]))

export const auditParams: readonly string[] = [...auditFilterNames, 'before']

/** Same as parseAuditQuery, for the rows route. */
export const auditRowsQuery = z
  .strictObject({ ...auditFilterFields, before: text })
  .transform(({ before, ...filters }, refusal) => {
    const parsed = parseAuditQuery(filters, new Date(), before)
    if (parsed.ok) return parsed.query
    for (const [name, message] of Object.entries(parsed.fields))
      refusal.addIssue({ code: 'custom', path: [name], message })
    return z.NEVER
  })
