import { notFound } from 'next/navigation'
import { cache } from 'react'
import { type SearchParams, textParam } from '#app/search-params.ts'
import type { Frame } from '#components/spaces/space-frame.tsx'
import { type SpaceAddress, spaceOf } from '#components/spaces/space-path.ts'
import { extendsAsPlatformAdmin, longerLife } from '#lib/features/spaces/model/space-life.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { decidePermission, type Permission } from '#lib/kernel/model/people/permission.ts'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'
import { isChangedInGit } from '#lib/kernel/model/spaces/space-object.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { updateSpaceAction } from './actions.ts'

export type SpacePageProps = { params: Promise<{ name: string }>; searchParams: Promise<SearchParams> }

/** Read once per HTTP request, for the page and its title. */
const readOnce = cache(async (name: string, cluster: string | undefined) => {
  const ctx = await pageContext()
  const key = spaceOf(name, cluster)
  try {
    return { ctx, key, space: await readSpace(ctx, key) }
  } catch (error) {
    if (isAppError(error, 'not_found', 'cluster_unknown')) notFound()
    throw error
  }
})

/**
 * The start of every page of a space: the space, its address, and what the person may do there or in Git (only for
 * display: each use case authorizes itself). A space that doesn't exist, or that the person may not know about, is a
 * 404.
 */
export async function readSpacePage({ params, searchParams }: SpacePageProps) {
  const [{ name }, search] = await Promise.all([params, searchParams])
  // An address with two clusters is ambiguous: don't guess.
  if (Array.isArray(search.cluster)) notFound()
  // Names need no encoding (RFC 1123), and Next passes this parameter encoded to pages and decoded to titles of errors:
  // a name that looks encoded is invalid.
  const { ctx, key, space } = await readOnce(name, textParam(search, 'cluster'))
  const address: SpaceAddress = key
  const subject = { platformRole: ctx.actor.platformRole, standing: space.standing }
  const may = (permission: Permission) => decidePermission(permission, subject) === 'allowed'
  const inGit = may('update-space') && isChangedInGit(space, ctx.actor.platformRole)
  const possible = longerLife(
    space,
    { change: may('update-space'), request: may('request-life'), asPlatformAdmin: extendsAsPlatformAdmin(subject) },
    { now: ctx.now, latest: latestEnd(ctx.now, ctx.policy.longestSpaceDays) },
  )
  const frame: Frame = {
    space,
    address,
    now: ctx.now,
    longer: inGit ? { way: 'git' } : possible,
    update: updateSpaceAction,
  }
  return { ctx, key, space, address, may, search, frame, inGit }
}
