import { selectPeople } from '#lib/kernel/db/people/select-people.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { roleByGroups } from '#lib/kernel/model/access/role.ts'
import { isBreakGlass } from '#lib/kernel/model/people/break-glass-account.ts'
import { peopleQuery } from '#lib/kernel/model/people/people-query.ts'
import type { PeoplePage } from '#lib/kernel/model/people/person-view.ts'
import { providerInWords } from '#lib/kernel/model/people/provider.ts'

const pageSize = 50

/** @returns a page of all people, by name, for auditors and platform admins */
export const listPeople = viewPlatform({
  permission: 'list-people',
  input: peopleQuery,
  read: async function readListPeople({ ctx, input: query }): Promise<PeoplePage> {
    const found = await selectPeople(ctx.pool, query, { at: ctx.clock(), limit: pageSize + 1 })
    const rows = found.slice(0, pageSize).map(({ issuer, platformRole, ...row }) => ({
      ...row,
      platformRole: roleByGroups({ issuer, platformRole }, ctx.issuers),
      from: isBreakGlass({ issuer }) ? null : providerInWords(ctx.providers, issuer),
    }))
    return { rows, next: found.length > pageSize ? (rows.at(-1)?.handle ?? null) : null }
  },
})
