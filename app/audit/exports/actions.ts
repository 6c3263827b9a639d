'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { auditFilterFields, parseAuditQuery } from '#app/audit/parse-audit-query.ts'
import { exportFormats } from '#lib/features/audit/model/trail-export.ts'
import { removeExport } from '#lib/features/audit/use-cases/remove-export.ts'
import { startExport } from '#lib/features/audit/use-cases/start-export.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'

const shown = () => revalidatePath('/audit/exports')

export const startExportAction = brokerAction({
  name: 'export-audit',
  input: z
    .strictObject({ ...auditFilterFields, format: z.enum(exportFormats) })
    .transform(({ format, ...filters }, refusal) => {
      const parsed = parseAuditQuery(filters, new Date())
      if (!parsed.ok) {
        for (const [name, message] of Object.entries(parsed.fields))
          refusal.addIssue({ code: 'custom', path: [name], message })
        return z.NEVER
      }
      const { before: _none, ...filter } = parsed.query
      return { ...filter, format }
    }),
  useCase: startExport,
  after: () => {
    shown()
    return { message: 'The export has started.' }
  },
})

/** Removes an export and its file, or cancels it. */
export const removeExportAction = brokerAction({
  name: 'export-audit',
  input: z.strictObject({ id: z.uuid() }),
  useCase: removeExport,
  after: () => {
    shown()
    return { message: 'The export was removed.' }
  },
})
