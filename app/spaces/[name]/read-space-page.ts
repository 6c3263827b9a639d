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
    if (isAppError(error, 'not_found', 'cluster_unknown')) return null
    throw error
  }
})

/** @returns the name and cluster in the address of a space’s page; null: it is ambiguous */
export async function addressedSpace({ params, searchParams }: SpacePageProps) {
  const [{ name }, search] = await Promise.all([params, searchParams])
  // With two clusters: don't guess.
  if (Array.isArray(search.cluster)) return null
  // Names need no encoding (RFC 1123), and Next passes this parameter encoded to pages and decoded to titles of errors:
  // a name that looks encoded is invalid.
  return { name, cluster: textParam(search, 'cluster') }
}

/** @returns the start of a page of a space; null: it doesn't exist, or the person may not know about it */
export async function findSpacePage(props: SpacePageProps) {
  const addressed = await addressedSpace(props)
  const found = addressed && (await readOnce(addressed.name, addressed.cluster))
  return found && { ...startOf(found), search: await props.searchParams }
}

/**
 * The start of every page of a space: the space, its address, and what the person may do there or in Git (only for
 * display: each use case authorizes itself). A space that doesn't exist, or that the person may not know about, is a
 * 404.
 */
export const readSpacePage = async (props: SpacePageProps) => (await findSpacePage(props)) ?? notFound()

function startOf({ ctx, key, space }: NonNullable<Awaited<ReturnType<typeof readOnce>>>) {
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
  return { ctx, key, space, address, may, frame, inGit }
}
