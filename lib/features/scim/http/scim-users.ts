import 'server-only'
import { parsePatch } from '#lib/features/scim/protocol/parse-patch.ts'
import { parseQuery } from '#lib/features/scim/protocol/parse-query.ts'
import { parseSearch } from '#lib/features/scim/protocol/parse-search.ts'
import { project } from '#lib/features/scim/protocol/projection.ts'
import { renderList, renderUser } from '#lib/features/scim/protocol/render.ts'
import { parseUser } from '#lib/features/scim/protocol/user.ts'
import { changeUser } from '#lib/features/scim/use-cases/change-user.ts'
import { createUser } from '#lib/features/scim/use-cases/create-user.ts'
import { deleteUser } from '#lib/features/scim/use-cases/delete-user.ts'
import { listUsers, readUser } from '#lib/features/scim/use-cases/read-provisioned.ts'
import { readScimBody } from './scim-body.ts'
import { type Answer, answerWith, byMethod, idOf, ifMatchOf, isSearch, type ScimRequest } from './scim-request.ts'

/** Serves /Users and /Users/{id}. */
export async function answerUsers(scimRequest: ScimRequest, path: readonly string[]): Promise<Answer> {
  const { ctx, request, params, settings } = scimRequest
  const { base, subject } = settings
  const list = async (search: URLSearchParams) => {
    const { projection, ...page } = parseQuery(search)
    const { users, total } = await listUsers(ctx, page)
    const resources = users.map((user) => project(renderUser(user, base), projection))
    return { status: 200, body: renderList(resources, { total, startIndex: page.startIndex }) }
  }
  const create = async () => createUser(ctx, parseUser(await readScimBody(request), subject))
  if (path.length === 0)
    return byMethod(scimRequest, {
      get: () => list(params),
      post: async () => answerWith(scimRequest, 201, renderUser(await create(), base)),
    })
  if (isSearch(scimRequest, path)) return list(parseSearch(await readScimBody(request)))
  const id = idOf(path)
  const ifMatch = ifMatchOf(scimRequest)
  const changed = async (change: Parameters<typeof changeUser>[1]['change']) =>
    answerWith(scimRequest, 200, renderUser(await changeUser(ctx, { id, ifMatch, change }), base))
  return byMethod(scimRequest, {
    get: async () => answerWith(scimRequest, 200, renderUser(await readUser(ctx, id), base)),
    put: async () => changed({ replaceBy: parseUser(await readScimBody(request), subject) }),
    patch: async () => changed({ patch: parsePatch(await readScimBody(request)) }),
    async delete() {
      await deleteUser(ctx, { id, ifMatch })
      return { status: 204 }
    },
  })
}
