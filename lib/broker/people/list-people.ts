import { viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectPeople } from '#lib/db/select-people.ts'
import { peopleQuery } from '#lib/domain/people-query.ts'
import type { PeoplePage } from '#lib/domain/person-view.ts'
import { providerInWords } from '#lib/domain/provider.ts'
import { roleByGroups } from '#lib/domain/role.ts'
import { isSealed } from '#lib/domain/sealed-account.ts'

const pageSize = 50

/** @returns a page of all people, by name, for auditors and platform admins */
export const listPeople = viewPlatform({
  permission: 'list-people',
  input: peopleQuery,
  async read({ ctx, input: query }): Promise<PeoplePage> {
    const found = await selectPeople(ctx.pool, query, { at: ctx.clock(), limit: pageSize + 1 })
    const rows = found.slice(0, pageSize).map(({ issuer, platformRole, ...row }) => ({
      ...row,
      platformRole: roleByGroups({ issuer, platformRole }, ctx.issuers),
      from: isSealed({ issuer }) ? null : providerInWords(ctx.providers, issuer),
    }))
    return { rows, next: found.length > pageSize ? (rows.at(-1)?.handle ?? null) : null }
  },
})
