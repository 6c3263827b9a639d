import type { Metadata } from 'next'
import { cache } from 'react'
import { revokeCredentialsAction } from '#app/admin/credentials/actions.ts'
import { deactivatePersonAction, reactivatePersonAction, signOutPersonAction } from '#app/admin/people/actions.ts'
import { nullIfNotFound } from '#app/null-if-not-found.ts'
import { endAdminRoleAction } from '#app/platform-role-actions.ts'
import type { SearchParams } from '#app/search-params.ts'
import type { PersonFrameProps } from '#components/people/person-frame.tsx'
import { readPersonHead, readPersonPageInput } from '#lib/features/people/use-cases/read-person-page.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import type { PersonHead } from '#lib/kernel/model/people/person-view.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'

export type PersonPageProps = { params: Promise<{ handle: string }>; searchParams: Promise<SearchParams> }

export const mayReadPeople = ({ actor: { platformRole } }: PageContext): boolean =>
  decidePermission('read-person', { platformRole, standing: null }) === 'allowed'

/**
 * Reads the person once per HTTP request, for the page and its title.
 * @returns null if the viewer can see no such person
 */
export const findHead = cache(async (handle: string): Promise<PersonHead | null> => {
  const ctx = await pageContext()
  const input = readPersonPageInput.pick({ handle: true }).safeParse({ handle })
  if (!input.success || !mayReadPeople(ctx)) return null
  return nullIfNotFound(readPersonHead(ctx, input.data))
})

/** @returns the title of a view of a person */
export const personTitle =
  (view: string) =>
  async ({ params }: PersonPageProps): Promise<Metadata> => {
    const head = await findHead((await params).handle)
    return { title: head ? `${view} · ${head.person.name}` : 'People' }
  }

/** @returns the frame of a person’s pages, with what the viewer can do */
export function frameOf({ actor }: PageContext, head: PersonHead): PersonFrameProps {
  const actions = {
    endAdminRole: endAdminRoleAction,
    deactivate: deactivatePersonAction,
    reactivate: reactivatePersonAction,
    signOut: signOutPersonAction,
    revokeAll: revokeCredentialsAction,
  }
  return { head, actions: actor.platformRole === 'admin' ? actions : null, isSelf: head.person.id === actor.userId }
}
