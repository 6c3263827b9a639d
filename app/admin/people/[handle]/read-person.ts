import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { reactivatePersonAction } from '#app/admin/people/actions.ts'
import { nullIfNotFound } from '#app/null-if-not-found.ts'
import { endAdminRoleAction } from '#app/platform-role-actions.ts'
import type { SearchParams } from '#app/search-params.ts'
import type { PersonFrameProps } from '#components/people/person-frame.tsx'
import { readPersonHead } from '#lib/features/people/use-cases/read-person-page.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import type { PersonHead } from '#lib/kernel/model/people/person-view.ts'
import { type PageContext, pageContext } from '#lib/web/page/page-context.ts'

export type PersonPageProps = { params: Promise<{ handle: string }>; searchParams: Promise<SearchParams> }

export const mayReadPeople = ({ actor: { platformRole } }: PageContext): boolean =>
  decidePermission('read-person', { platformRole, standing: null }) === 'allowed'

/** @returns the result of a read of a person; null if the viewer can see no such person */
export async function findOf<T>(read: (ctx: PageContext) => Promise<T>): Promise<T | null> {
  const ctx = await pageContext()
  return mayReadPeople(ctx) ? nullIfNotFound(read(ctx)) : null
}

/** Read once per HTTP request, for the page and its title. */
const findHead = cache((handle: string) => findOf((ctx) => readPersonHead(ctx, { handle })))

/**
 * The start of a view of a person. A person who doesn’t exist is a 404.
 * @returns `head` null: the viewer may not read people
 */
export async function openPerson({ params }: PersonPageProps) {
  const [ctx, { handle }] = await Promise.all([pageContext(), params])
  return { ctx, head: mayReadPeople(ctx) ? ((await findHead(handle)) ?? notFound()) : null }
}

/** @returns the title of a view of a person */
export const personTitle =
  (view: string) =>
  async ({ params }: PersonPageProps): Promise<Metadata> => {
    const head = await findHead((await params).handle)
    return { title: head ? `${view} · ${head.person.name}` : 'People' }
  }

/** @returns the frame of a person’s pages, with what the viewer can do */
export function frameOf({ actor }: PageContext, head: PersonHead): PersonFrameProps {
  return {
    head,
    actions:
      actor.platformRole === 'admin' ? { endAdminRole: endAdminRoleAction, reactivate: reactivatePersonAction } : null,
    isSelf: head.person.id === actor.userId,
  }
}
