import { z } from 'zod'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'
import { maxSearchText, maxTerms, searchTerms } from './search-terms.ts'

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\0]*$/)
    .optional()

const words = text(maxSearchText).refine(
  (given) => searchTerms(given ?? '').length <= maxTerms,
  `Use at most ${maxTerms} words.`,
)

const instant = z.date().min(earliest).max(latest).optional()

/** The trail's filters. Page, form, download and query all use these. */
export const auditFilter = z.strictObject({
  /** Part of a current handle, name or email address. Finds actions by and about these people. */
  person: words,
  /** The name of a space, including deleted ones. */
  space: text(100),
  /** The name of an action. One that ends in a dot matches every action with that prefix. */
  action: text(60),
  from: instant,
  until: instant,
  outcome: z.enum(['ok', 'refused', 'failed', 'unknown']).optional(),
  /** `around`: actions that bypassed the gateway, as reported by a cluster's own audit log. */
  route: z.enum(['around']).optional(),
  /** Starts of words, or whole ids. An entry must have all of them. */
  text: words.refine((given) => !given || searchTerms(given).length > 0, 'Type a letter or a digit.'),
  personId: z.uuid().optional(),
  spaceId: z.uuid().optional(),
  credentialId: z.uuid().optional(),
})
export type AuditFilter = z.infer<typeof auditFilter>

/** The `seq` of the row that a page of the trail starts after. */
export const auditCursor = z.string().regex(/^\d{1,18}$/)

/** How far back `within` goes, in hours. */
export const recentSpans = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const
export type RecentSpan = keyof typeof recentSpans

/** @returns whether a text is a span */
export const isRecentSpan = (text: string): text is RecentSpan => Object.hasOwn(recentSpans, text)

export const auditFilterNames = [...auditFilter.keyof().options, 'within'] as const
/** The filters as typed: the search parameters of a URL. `within` is a `from` relative to now. */
export type AuditFilterText = Partial<Record<(typeof auditFilterNames)[number], string>>
