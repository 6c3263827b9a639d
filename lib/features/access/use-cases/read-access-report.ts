import { z } from 'zod'
import { type AccessReportOf, selectAccessReport } from '#lib/features/access/db/select-access-report.ts'
import {
  type AccessReportPage,
  accessCursor,
  cursorOf,
  parseCursor,
  renderCursor,
  type SpaceAccessReport,
} from '#lib/features/access/model/access-report.ts'
import { selectAllCredentials } from '#lib/kernel/db/credentials/select-all-credentials.ts'
import { findPerson } from '#lib/kernel/db/people/find-person.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { CredentialListed, Some } from '#lib/kernel/model/people/person-view.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { handle } from './fields.ts'
import { findAnySpace } from './find-any-space.ts'

const pageSize = 50

type PersonAccessReport = AccessReportPage & { credentials: Some<CredentialListed> }

/**
 * @returns a page of a person's access, by space, and their active credentials, for auditors and platform admins
 * @throws AppError not_found
 */
export const readAccessOfPerson = viewPlatform({
  permission: 'read-access-report',
  input: z.strictObject({ person: handle, after: accessCursor.optional() }),
  read: async function readReadAccessOfPerson({ ctx, input: { person: wanted, after } }): Promise<PersonAccessReport> {
    const at = ctx.clock()
    const person = await findPerson(ctx.pool, wanted, { at, idleSince: sessionIdleSince(at) })
    if (!person) throw new AppError('not_found')
    const [page, credentials] = await Promise.all([
      pageOf(ctx, { people: [person.id] }, after),
      selectAllCredentials(ctx.pool, { person: person.handle }, { at, limit: pageSize + 1 }),
    ])
    return { ...page, credentials: { rows: credentials.slice(0, pageSize), more: credentials.length > pageSize } }
  },
})

/**
 * @returns a page of all access to a space, by person, for auditors and platform admins
 * @throws AppError not_found
 */
export const readAccessOfSpace = viewPlatform({
  permission: 'read-access-report',
  input: z.strictObject({ space: spaceKey, after: accessCursor.optional() }),
  read: async function readReadAccessOfSpace({ ctx, input: { space: key, after } }): Promise<SpaceAccessReport> {
    const space = await findAnySpace(ctx, key)
    const page = await pageOf(ctx, { spaces: [space.id] }, after)
    const { id, name, cluster, namespace, status, owner, createdAt, endsAt } = space
    return { space: { id, name, cluster, namespace, status, owner, createdAt, endsAt }, ...page }
  },
})

async function pageOf(ctx: BrokerContext, of: AccessReportOf, after: string | undefined): Promise<AccessReportPage> {
  const found = await selectAccessReport(ctx.pool, of, {
    at: ctx.clock(),
    after: after === undefined ? undefined : parseCursor(after),
    limit: pageSize + 1,
  })
  const rows = found.slice(0, pageSize)
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => ({ ...row, issuer: row.issuer === ctx.issuer ? null : row.issuer })),
    next: found.length > pageSize && last ? renderCursor(cursorOf(last)) : null,
  }
}
