import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { revokeCredentialsAction } from '#app/admin/credentials/actions.ts'
import {
  askOffboardingAgainAction,
  deactivatePersonAction,
  reactivatePersonAction,
  removeGrantOfPersonAction,
  signOutPersonAction,
} from '#app/admin/people/actions.ts'
import { endAdminRoleAction } from '#app/platform-role-actions.ts'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { accessPath } from '#components/access/access-path.ts'
import { storyPath } from '#components/audit/event/story-path.ts'
import { DeactivatedNotice } from '#components/people/deactivated-notice.tsx'
import { OffboardedNotice } from '#components/people/offboarded-notice.tsx'
import { OtherAccounts } from '#components/people/other-accounts.tsx'
import { PersonActs } from '#components/people/person-acts.tsx'
import { PersonCredentials } from '#components/people/person-credentials.tsx'
import { PersonFacts } from '#components/people/person-facts.tsx'
import { PersonGrants } from '#components/people/person-grants.tsx'
import { PersonRequests } from '#components/people/person-requests.tsx'
import { PersonSessions } from '#components/people/person-sessions.tsx'
import { PersonSignIns } from '#components/people/person-sign-ins.tsx'
import { PersonSpaces } from '#components/people/person-spaces.tsx'
import { RemainingAccess } from '#components/people/remaining-access.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Copyable } from '#components/ui/copyable.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { readPersonPage, readPersonPageInput } from '#lib/features/people/use-cases/read-person-page.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import type { PersonView } from '#lib/kernel/model/people/person-view.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

type Props = { params: Promise<{ handle: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const view = await findView((await params).handle, moreOf(await searchParams))
  return { title: view ? view.person.name : 'People' }
}

/** Everything about one person, for auditors and platform admins. */
export default async function PersonPage({ params, searchParams }: Props) {
  const [ctx, { handle }, search] = await Promise.all([pageContext(), params, searchParams])
  if (!mayRead(ctx.actor.platformRole)) return <NotForYou page="People" isEligible={ctx.actor.isEligible} />
  const view = await findView(handle, moreOf(search))
  if (!view) notFound()
  const { person } = view
  const isAdmin = ctx.actor.platformRole === 'admin'
  const { defaultName: defaultCluster } = ctx.clusters
  return (
    <>
      <PageHeader
        title={person.name}
        badge={
          person.deactivatedAt && (
            <Badge tone="warn" icon="lock">
              {view.offboarding ? 'Offboarded' : 'Deactivated'}
            </Badge>
          )
        }
        description={
          <>
            <Copyable text={person.handle} what="the handle" />
            {person.email !== '' && ` · ${person.email}`}
          </>
        }
        actions={
          <>
            <LinkButton href={accessPath({ by: 'person', person: person.handle })} icon="key">
              Access
            </LinkButton>
            <LinkButton href={storyPath('people', person.handle)} icon="activity">
              Story
            </LinkButton>
            {isAdmin && (
              <PersonActs
                person={person}
                spaces={`${view.spaces.rows.length}${view.spaces.more ? ' or more' : ''}`}
                isOffboarded={view.offboarding !== null}
                isAdminUntil={view.roleState.adminUntil !== null}
                isSelf={person.id === ctx.actor.userId}
                actions={{
                  endAdminRole: endAdminRoleAction,
                  deactivate: deactivatePersonAction,
                  reactivate: reactivatePersonAction,
                  signOut: signOutPersonAction,
                  revokeAll: revokeCredentialsAction,
                }}
              />
            )}
          </>
        }
        back={<BackLink href="/admin/people" label="People" />}
      />
      <div className="space-y-8">
        {view.offboarding ? (
          <OffboardedNotice
            handle={person.handle}
            offboarding={view.offboarding}
            askAgain={isAdmin ? askOffboardingAgainAction : null}
          />
        ) : (
          <DeactivatedNotice person={person} />
        )}
        <RemainingAccess remaining={view.remainingAccess} isAdmin={isAdmin} defaultCluster={defaultCluster} />
        <PersonFacts person={person} roleState={view.roleState} />
        <OtherAccounts accounts={view.otherAccounts} canInclude={isAdmin && view.offboarding === null} />
        <PersonSpaces of={person} spaces={view.spaces} isAdmin={isAdmin} defaultCluster={defaultCluster} />
        <PersonGrants
          of={person}
          grants={view.grants}
          remove={isAdmin ? removeGrantOfPersonAction : null}
          defaultCluster={defaultCluster}
        />
        <PersonCredentials
          of={person}
          credentials={view.credentials}
          revoke={isAdmin ? revokeCredentialsAction : null}
          defaultCluster={defaultCluster}
        />
        <PersonSessions of={person} sessions={view.sessions} end={isAdmin ? signOutPersonAction : null} />
        <PersonRequests of={person} requests={view.requests} isAdmin={isAdmin} />
        <PersonSignIns of={person} isBreakGlass={view.roleState.isBreakGlass} signIns={view.signIns} />
      </div>
    </>
  )
}

const mayRead = (platformRole: Parameters<typeof decidePermission>[1]['platformRole']) =>
  decidePermission('read-person', { platformRole, standing: null }) === 'allowed'

const moreOf = (search: SearchParams) => validParam(search, 'more', readPersonPageInput.shape.more)

/**
 * Reads the person once per HTTP request, for the page and its title.
 * @returns null if the viewer can see no such person
 */
const findView = cache(async (handle: string, more: ReturnType<typeof moreOf>): Promise<PersonView | null> => {
  const ctx = await pageContext()
  const input = readPersonPageInput.safeParse({ handle, more })
  if (!input.success || !mayRead(ctx.actor.platformRole)) return null
  try {
    return await readPersonPage(ctx, input.data)
  } catch (error) {
    if (isAppError(error, 'not_found')) return null
    throw error
  }
})
