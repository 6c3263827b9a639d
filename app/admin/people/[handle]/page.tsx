import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { revokeCredentialsAction } from '#app/admin/credentials/actions.ts'
import { askOffboardingAgainAction, deactivatePersonAction, signOutPersonAction } from '#app/admin/people/actions.ts'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { DeactivatedNotice } from '#components/people/deactivated-notice.tsx'
import { EndAccess } from '#components/people/end-access.tsx'
import { OffboardedNotice } from '#components/people/offboarded-notice.tsx'
import { OtherAccounts } from '#components/people/other-accounts.tsx'
import { PersonFacts } from '#components/people/person-facts.tsx'
import { PersonFrame } from '#components/people/person-frame.tsx'
import { PersonRequests } from '#components/people/person-requests.tsx'
import { PersonSessions } from '#components/people/person-sessions.tsx'
import { PersonSignIns } from '#components/people/person-sign-ins.tsx'
import { RemainingAccess } from '#components/people/remaining-access.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { readPersonPage, readPersonPageInput } from '#lib/features/people/use-cases/read-person-page.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { findOf, frameOf, mayReadPeople, type PersonPageProps } from './read-person.ts'

export async function generateMetadata({ params, searchParams }: PersonPageProps): Promise<Metadata> {
  const view = await findView((await params).handle, moreOf(await searchParams))
  return { title: view ? view.person.name : 'People' }
}

/** Who a person is, where they are signed in, and what they requested, for auditors and platform admins. */
export default async function PersonPage({ params, searchParams }: PersonPageProps) {
  const [ctx, { handle }, search] = await Promise.all([pageContext(), params, searchParams])
  if (!mayReadPeople(ctx)) return <NotForYou page="People" isEligible={ctx.actor.isEligible} />
  const view = await findView(handle, moreOf(search))
  if (!view) notFound()
  const { person, offboarding, roleState } = view
  const isAdmin = ctx.actor.platformRole === 'admin'
  return (
    <PersonFrame {...frameOf(ctx, view)}>
      {offboarding ? (
        <OffboardedNotice
          handle={person.handle}
          offboarding={offboarding}
          askAgain={isAdmin ? askOffboardingAgainAction : null}
        />
      ) : (
        <DeactivatedNotice person={person} />
      )}
      <RemainingAccess remaining={view.remainingAccess} isAdmin={isAdmin} defaultCluster={ctx.clusters.defaultName} />
      <PersonFacts person={person} roleState={roleState} />
      {isAdmin && (
        <EndAccess
          person={person}
          isSelf={person.id === ctx.actor.userId}
          actions={{
            deactivate: deactivatePersonAction,
            signOut: signOutPersonAction,
            revokeAll: revokeCredentialsAction,
          }}
        />
      )}
      <OtherAccounts accounts={view.otherAccounts} canInclude={isAdmin && offboarding === null} />
      <PersonSessions of={person} sessions={view.sessions} end={isAdmin ? signOutPersonAction : null} />
      <PersonRequests of={person} requests={view.requests} isAdmin={isAdmin} />
      <PersonSignIns of={person} isBreakGlass={roleState.isBreakGlass} signIns={view.signIns} />
    </PersonFrame>
  )
}

const moreOf = (search: SearchParams) => validParam(search, 'more', readPersonPageInput.shape.more)

/** Read once per HTTP request, for the page and its title. */
const findView = cache((handle: string, more: ReturnType<typeof moreOf>) =>
  findOf((ctx) => readPersonPage(ctx, { handle, more })),
)
