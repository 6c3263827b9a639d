'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { auditFilterFields, parseAuditQuery } from '#app/audit/parse-audit-query.ts'
import { exportFormats } from '#lib/features/audit/model/trail-export.ts'
import { cancelVerification, cancelVerificationInput } from '#lib/features/audit/use-cases/cancel-verification.ts'
import { removeExport } from '#lib/features/audit/use-cases/remove-export.ts'
import { startExport } from '#lib/features/audit/use-cases/start-export.ts'
import { verifyTrail } from '#lib/features/audit/use-cases/verify-trail.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { verifyTrailForm } from './verify-form.ts'

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

export const verifyTrailAction = brokerAction({
  name: 'verify-trail',
  input: verifyTrailForm,
  useCase: verifyTrail,
  after: () => {
    shown()
    return { message: 'The trail is being verified.' }
  },
})

export const cancelVerificationAction = brokerAction({
  name: 'verify-trail',
  input: cancelVerificationInput,
  useCase: cancelVerification,
  after: () => {
    shown()
    return { message: 'The verification was cancelled.' }
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
