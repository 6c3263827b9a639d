import { selectExportedSpaces } from '#lib/features/spaces/db/select-exported-spaces.ts'
import { selectSpaceIds } from '#lib/features/spaces/db/select-spaces.ts'
import { spaceHeader, spaceLine, spaceNoteLine } from '#lib/features/spaces/model/space-csv.ts'
import { viewRecorded } from '#lib/kernel/define/view-recorded.ts'
import { spaceFilter, spaceOrder } from '#lib/kernel/model/spaces/space-query.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** Larger exports are a job for the database’s tools; the file’s last line explains that. */
const maxSpaces = 10_000
const pageSize = 1_000

/**
 * Exports the list of spaces as CSV, with a platform admin's filters and order. The trail records the download.
 * @returns the file’s text in pieces;
 * @throws AppError forbidden, trail_unavailable
 */
export const exportSpaces = viewRecorded({
  permission: 'export-spaces',
  action: 'space.export',
  input: spaceFilter.extend(spaceOrder.shape),
  about: (input) => ({ target: { kind: 'portal' }, detail: input }),
  async read({ ctx, input }) {
    const who = { userId: ctx.actor.userId, all: true, at: ctx.clock(), issuer: ctx.issuer }
    const ids = await selectSpaceIds(ctx.pool, who, input, maxSpaces + 1)
    return csvPieces(ctx, ids)
  },
})

async function* csvPieces(ctx: BrokerContext, ids: readonly string[]): AsyncIterable<string> {
  yield spaceHeader
  const wanted = ids.slice(0, maxSpaces)
  for (let from = 0; from < wanted.length; from += pageSize) {
    const spaces = await selectExportedSpaces(ctx.pool, wanted.slice(from, from + pageSize), ctx.clock())
    yield spaces.map(spaceLine).join('')
  }
  if (ids.length > wanted.length)
    yield spaceNoteLine('This file ends here, but there are more spaces. Filter the list, and download it in parts.')
}
