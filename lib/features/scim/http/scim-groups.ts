import 'server-only'
import { foldGroupPatch, type GroupChange, parseGroup } from '#lib/features/scim/protocol/group.ts'
import { parsePatch } from '#lib/features/scim/protocol/parse-patch.ts'
import { parseQuery } from '#lib/features/scim/protocol/parse-query.ts'
import { parseSearch } from '#lib/features/scim/protocol/parse-search.ts'
import { parseProjection, project, wants } from '#lib/features/scim/protocol/projection.ts'
import { renderGroup, renderList } from '#lib/features/scim/protocol/render.ts'
import { changeGroup } from '#lib/features/scim/use-cases/change-group.ts'
import { createGroup } from '#lib/features/scim/use-cases/create-group.ts'
import { deleteGroup } from '#lib/features/scim/use-cases/delete-group.ts'
import { listGroups, readGroup } from '#lib/features/scim/use-cases/read-provisioned.ts'
import { readScimBody } from './scim-body.ts'
import { type Answer, answerWith, byMethod, idOf, ifMatchOf, isSearch, type ScimRequest } from './scim-request.ts'

/** Serves /Groups and /Groups/{id}. */
export async function answerGroups(scimRequest: ScimRequest, path: readonly string[]): Promise<Answer> {
  const { ctx, request, params, settings } = scimRequest
  const { base } = settings
  const list = async (search: URLSearchParams) => {
    const { projection, ...page } = parseQuery(search)
    const { groups, total } = await listGroups(ctx, { ...page, withMembers: wants(projection, 'members') })
    const resources = groups.map((group) => project(renderGroup(group, base), projection))
    return { status: 200, body: renderList(resources, { total, startIndex: page.startIndex }) }
  }
  const create = async () => createGroup(ctx, parseGroup(await readScimBody(request)))
  if (path.length === 0)
    return byMethod(scimRequest, {
      get: () => list(params),
      post: async () => answerWith(scimRequest, 201, renderGroup(await create(), base)),
    })
  if (isSearch(scimRequest, path)) return list(parseSearch(await readScimBody(request)))
  const withMembers = wants(parseProjection(params), 'members')
  const id = idOf(path)
  const ifMatch = ifMatchOf(scimRequest)
  return byMethod(scimRequest, {
    get: async () => answerWith(scimRequest, 200, renderGroup(await readGroup(ctx, { id, withMembers }), base)),
    async put() {
      const change = replacement(await readScimBody(request))
      return answerWith(
        scimRequest,
        200,
        renderGroup(await changeGroup(ctx, { id, ifMatch, change, withMembers }), base),
      )
    },
    async patch() {
      const change = foldGroupPatch(parsePatch(await readScimBody(request)))
      // RFC 7644, section 3.5.2, makes the body optional. A group may have thousands of members, so it is sent only on
      // request.
      const wanted = params.has('attributes')
      const group = renderGroup(
        await changeGroup(ctx, { id, ifMatch, change, withMembers: wanted && withMembers }),
        base,
      )
      return wanted ? answerWith(scimRequest, 200, group) : { status: 204, tag: group.meta.version }
    },
    async delete() {
      await deleteGroup(ctx, { id, ifMatch })
      return { status: 204 }
    },
  })
}

/** A PUT without `members` keeps them: removals must be explicit. */
function replacement(body: object): GroupChange {
  const { displayName, externalId, members } = parseGroup(body)
  return {
    displayName,
    externalId: externalId ?? null,
    replace: members !== undefined,
    add: new Set(members),
    remove: new Set(),
  }
}
