import 'server-only'
import { parseQuery, type Query } from '#lib/features/scim/protocol/parse-query.ts'
import { parseSearch } from '#lib/features/scim/protocol/parse-search.ts'
import { project, wants } from '#lib/features/scim/protocol/projection.ts'
import { type Resource, renderGroup, renderList, renderUser } from '#lib/features/scim/protocol/render.ts'
import { listGroups, listUsers } from '#lib/features/scim/use-cases/read-provisioned.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { readScimBody } from './scim-body.ts'
import type { Answer, ScimRequest } from './scim-request.ts'

type ResourcePage = { resources: Resource[]; total: number }

/**
 * Searches users, then groups (RFC 7644, section 3.4.3). A filter on attributes that a type lacks matches nothing of
 * that type.
 */
export async function answerSearch({ ctx, request, settings: { base } }: ScimRequest): Promise<Answer> {
  const query = parseQuery(parseSearch(await readScimBody(request)))
  const { projection, startIndex, count } = query
  const withMembers = wants(projection, 'members')
  const users = await search(query, async (page) => {
    const { users: some, total } = await listUsers(ctx, page)
    return { resources: some.map((user) => renderUser(user, base)), total }
  })
  const left = { startIndex: Math.max(1, startIndex - users.total), count: count - users.resources.length }
  const groups = await search({ ...query, ...left }, async (page) => {
    const { groups: some, total } = await listGroups(ctx, { ...page, withMembers })
    return { resources: some.map((group) => renderGroup(group, base)), total }
  })
  if (users.failure && groups.failure) throw users.failure
  const resources = [...users.resources, ...groups.resources].map((resource) => project(resource, projection))
  return { status: 200, body: renderList(resources, { total: users.total + groups.total, startIndex }) }
}

async function search(
  { filter, startIndex, count }: Query,
  list: (page: Pick<Query, 'filter' | 'startIndex' | 'count'>) => Promise<ResourcePage>,
): Promise<ResourcePage & { failure?: unknown }> {
  try {
    return await list({ filter, startIndex, count })
  } catch (failure) {
    if (!isAppError(failure, 'scim_filter')) throw failure
    return { resources: [], total: 0, failure }
  }
}
