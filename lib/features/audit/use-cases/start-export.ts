import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { insertTrailExport, type OwnExport, selectOwnExports } from '#lib/features/audit/db/trail-exports.ts'
import { auditFilter } from '#lib/features/audit/model/audit-filter.ts'
import { exportFormats, largestExport, maxExports, maxOwnExportBytes } from '#lib/features/audit/model/trail-export.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { bytesInWords } from '#lib/kernel/model/bytes-in-words.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

const startExportInput = auditFilter.extend({ format: z.enum(exportFormats) })

/**
 * Requests an export of the filtered trail, which a worker writes. The request is recorded in the trail.
 * @returns its id
 * @throws AppError forbidden, too_many_exports
 */
export const startExport = changePlatform({
  permission: 'export-audit',
  action: 'audit.export-start',
  input: startExportInput,
  about: (input) => ({ target: { kind: 'trail' }, detail: input }),
  prepare: function prepareStartExport({ ctx, input: { format, ...filter }, about }) {
    const id = randomUUID()
    about({ target: { kind: 'trail', id } })
    return {
      write: async function writeStartExport({ tx }) {
        // The person’s row is locked, so they can't add another one at the same time.
        assertRoom(await selectOwnExports(tx, ctx.actor.userId))
        await insertTrailExport(tx, { id, personId: ctx.actor.userId, format, filter, createdAt: ctx.clock() })
        return { id }
      },
    }
  },
})

/** @throws AppError too_many_exports, naming the export to remove */
function assertRoom(exports: readonly OwnExport[]): void {
  if (exports.length >= maxExports) throw new AppError('too_many_exports')
  const largest = largestExport(exports)
  if (!largest || exports.reduce((sum, { bytes }) => sum + bytes, 0) < maxOwnExportBytes) return
  const { format, createdAt, bytes } = largest
  throw new AppError('too_many_exports', {
    sentence: `Your exports reach the limit of ${bytesInWords(maxOwnExportBytes)} per person. Remove one first: the largest is the ${format === 'csv' ? 'CSV' : 'CloudEvents'} file of ${createdAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${bytesInWords(bytes)}.`,
  })
}
