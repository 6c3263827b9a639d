import { z } from 'zod'
import { selectAuditNames } from '#lib/features/audit/db/select-audit-names.ts'
import { selectEventRecords } from '#lib/features/audit/db/select-event-records.ts'
import { mentionsOf } from '#lib/features/audit/model/audit-mentions.ts'
import { type AuditEventView, mainRecord, toAuditRow } from '#lib/features/audit/model/audit-record.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** Ids of clusters' reports are derived from the report, and are UUIDs of no version. */
export const readEventInput = z.strictObject({ id: z.guid() })

/**
 * @returns an event of the trail with all related rows, for auditors and platform admins. The id of an outcome or of a
 * cluster's report finds the action it belongs to.
 * @throws AppError not_found
 */
export const readEvent = viewPlatform({
  permission: 'list-audit',
  input: readEventInput,
  read: async function readReadEvent({ ctx, input: { id } }): Promise<AuditEventView> {
    const found = await selectEventRecords(ctx.pool, id)
    const records = found.map(({ record }) => record)
    const main = mainRecord(records, id)
    if (!main) throw new AppError('not_found')
    const row = toAuditRow(
      main,
      records.find((record) => record.intent_id === main.id),
    )
    return {
      row,
      records,
      names: await selectAuditNames(ctx.pool, mentionsOf([row]), { userId: ctx.actor.userId, at: ctx.clock() }),
      clusterReportedAt: found.find(({ record }) => record.id === main.id)?.reportedAt ?? null,
      sealed: found.every(({ sealed }) => sealed),
    }
  },
})
