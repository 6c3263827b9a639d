import { z } from 'zod'
import { earliest, latest } from './calendar.ts'

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\0]*$/)
    .optional()

const instant = z.date().min(earliest).max(latest).optional()

/** What the trail can be searched by. Page, form, download and query take their filters from here. */
export const auditFilter = z.strictObject({
  person: text(100),
  space: text(100),
  /** The name of an action; one that ends in a dot matches every action that starts with it. */
  action: text(60),
  from: instant,
  until: instant,
  outcome: z.enum(['ok', 'refused', 'failed', 'unknown']).optional(),
  text: text(100),
})
export type AuditFilter = z.infer<typeof auditFilter>

/** The `seq` of the row that a page of the trail starts after. */
export const auditCursor = z.string().regex(/^\d{1,18}$/)

export const auditFilterNames = auditFilter.keyof().options
/** The filters as people type them: the search parameters of a URL. */
export type AuditFilterText = Partial<Record<keyof AuditFilter, string>>
