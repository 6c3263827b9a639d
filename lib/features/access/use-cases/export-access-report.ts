import { z } from 'zod'
import { findPerson } from '#lib/kernel/db/people/find-person.ts'
import { viewRecorded } from '#lib/kernel/define/view-recorded.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { handle } from './fields.ts'
import { findAnySpace } from './find-any-space.ts'
import { renderAccessReport } from './render-access-report.ts'

/** `person` and `space`: only this one; omitted: all. */
const exportAccessReportInput = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('person'), person: handle.optional() }),
  z.strictObject({ by: z.literal('space'), space: spaceKey.optional() }),
])

/**
 * Exports the access report as CSV, by person or by space, streamed page by page. Each download is recorded in the
 * trail.
 * @returns the file's text in chunks
 * @throws AppError forbidden, not_found, trail_unavailable
 */
export const exportAccessReport = viewRecorded({
  permission: 'export-access-report',
  action: 'access.export',
  input: exportAccessReportInput,
  about: (input) => ({ target: { kind: 'portal' }, detail: input }),
  read: async function readExportAccessReport({ ctx, input }) {
    if (input.by === 'space')
      return renderAccessReport(ctx, { by: 'space', space: input.space ? await findAnySpace(ctx, input.space) : null })
    if (input.person === undefined) return renderAccessReport(ctx, { by: 'person', person: null })
    const at = ctx.clock()
    const person = await findPerson(ctx.pool, input.person, { at, idleSince: sessionIdleSince(at) })
    if (!person) throw new AppError('not_found')
    return renderAccessReport(ctx, { by: 'person', person })
  },
})
