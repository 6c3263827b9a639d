import { type AccessReportOf, selectAccessReport } from '#lib/features/access/db/select-access-report.ts'
import { selectDirectAccess } from '#lib/features/access/db/select-direct-access.ts'
import { selectPersonIds } from '#lib/features/access/db/select-principals.ts'
import { selectSpacesByName } from '#lib/features/access/db/select-spaces-by-name.ts'
import { type AccessCursor, cursorOf } from '#lib/features/access/model/access-report.ts'
import {
  accessReportHeader,
  accessReportLine,
  bindingLines,
  credentialLine,
  directAccessLine,
  noteLine,
} from '#lib/features/access/model/access-report-csv.ts'
import { selectAllCredentials } from '#lib/kernel/db/credentials/select-all-credentials.ts'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { observeBindings } from './observe-bindings.ts'
import { cleanBinding } from './read-space-bindings.ts'

/** The scope of the export; null: all people, or all spaces. */
export type ExportScope =
  | { by: 'person'; person: { id: string; handle: string } | null }
  | { by: 'space'; space: SpaceRecord | null }

const pageSize = 1_000
/** People or spaces per query, few enough to sort a page quickly. */
const batchSize = 20

/** For more than this, use the database's own tools. The file ends with a note. */
const maxRows = 500_000

/** @returns the CSV text in chunks of at most a thousand rows; a note follows if rows were cut */
export async function* renderAccessReport(ctx: BrokerContext, what: ExportScope): AsyncIterable<string> {
  yield accessReportHeader
  let count = 0
  for await (const lines of what.by === 'person' ? personPages(ctx, what.person) : spacePages(ctx, what.space)) {
    yield lines.join('')
    count += lines.length
    if (count >= maxRows) {
      yield noteLine(`This file reached its row limit. Download people or spaces separately for the rest.`)
      return
    }
  }
}

async function* personPages(ctx: BrokerContext, person: { id: string; handle: string } | null) {
  if (person) yield* accessReportPages(ctx, { people: [person.id] })
  else
    for (let after = ''; ; ) {
      const next = await selectPersonIds(ctx.pool, after, batchSize)
      if (next.length > 0) yield* accessReportPages(ctx, { people: next.map(({ id }) => id) })
      const last = next.at(-1)
      if (!last || next.length < batchSize) break
      after = last.handle
    }
  const query = person ? { person: person.handle } : {}
  for (let after: string | undefined; ; ) {
    const found = await selectAllCredentials(ctx.pool, { ...query, after }, { at: ctx.clock(), limit: pageSize })
    yield found.map(credentialLine)
    after = found.at(-1)?.id
    if (found.length < pageSize) return
  }
}

async function* spacePages(ctx: BrokerContext, space: SpaceRecord | null) {
  if (space) {
    yield* accessReportPages(ctx, { spaces: [space.id] })
    yield await bindingsOf(ctx, space)
    yield await directAccessOf(ctx, space)
    return
  }
  for (let after: string | undefined; ; ) {
    const found = await selectSpacesByName(ctx.pool, { after }, { at: ctx.clock(), limit: batchSize })
    if (found.length > 0) yield* accessReportPages(ctx, { spaces: found.map(({ id }) => id) })
    after = found.at(-1)?.id
    if (found.length < batchSize) break
  }
  yield [noteLine('Bindings that Spaceport didn’t make and direct access are only in the download of a single space.')]
}

async function* accessReportPages(ctx: BrokerContext, of: AccessReportOf) {
  const at = ctx.clock()
  for (let after: AccessCursor | undefined; ; ) {
    const found = await selectAccessReport(ctx.pool, of, { at, after, limit: pageSize })
    yield found.map((row) => accessReportLine({ ...row, issuer: row.issuer === ctx.issuer ? null : row.issuer }))
    const last = found.at(-1)
    if (!last || found.length < pageSize) return
    after = cursorOf(last)
  }
}

/** Bindings on the cluster, or a note if they can't be read. */
async function bindingsOf(ctx: BrokerContext, space: SpaceRecord): Promise<string[]> {
  try {
    const observed = await observeBindings(ctx, space)
    if (!observed) return [noteLine('The space has no namespace on its cluster.')]
    const lines = observed.bindings.map((binding) => bindingLines(space, cleanBinding(binding)))
    return observed.more ? [...lines, noteLine('Not all of the cluster’s bindings were read.')] : lines
  } catch (error) {
    if (!isAppError(error)) throw error
    return [noteLine(`The cluster’s bindings could not be read: ${error.sentence}`)]
  }
}

async function directAccessOf(ctx: BrokerContext, space: SpaceRecord): Promise<string[]> {
  const { receivedAt, rows } = await selectDirectAccess(ctx.pool, space.id, pageSize)
  const lines = rows.map((seen) => directAccessLine(space, seen))
  if (receivedAt) return lines
  return [...lines, noteLine('The cluster has never sent its audit log, so direct access is unknown.')]
}
