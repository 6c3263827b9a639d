import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { nullIfNotFound } from '#app/null-if-not-found.ts'
import { validParam } from '#app/search-params.ts'
import { EndingAccess } from '#components/offboarding/departing-user.tsx'
import { OffboardForm } from '#components/offboarding/offboard-form.tsx'
import { toAccountChoice, toSpaceChoice } from '#components/offboarding/space-choice.ts'
import { personPath } from '#components/people/people-list-data.ts'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { readDepartingUser, readDepartingUserInput } from '#lib/features/offboarding/use-cases/read-departing-user.ts'
import { maxOffboardedSpaces } from '#lib/kernel/model/people/offboarding.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { offboardPersonAction } from './actions.ts'

export const metadata: Metadata = { title: 'Offboard' }

type Props = { params: Promise<{ handle: string }> }

/** Shows what a person owns and has access to, and asks who gets it when they leave. For platform admins. */
export default async function OffboardPage({ params }: Props) {
  const [ctx, { handle }] = await Promise.all([pageContext(), params])
  const { platformRole, userId } = ctx.actor
  if (decidePermission('offboard-person', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Offboarding" isEligible={ctx.actor.isEligible} />
  const asked = validParam({ handle }, 'handle', readDepartingUserInput.shape.handle)
  const departingUser = asked === undefined ? null : await nullIfNotFound(readDepartingUser(ctx, { handle: asked }))
  if (!departingUser) notFound()
  const { person, spaces, accounts, tooMany, isOffboarded, latestDay } = departingUser
  const own = accounts.find(({ by, isOwn }) => by === 'subject' && isOwn)
  const problem =
    ((person.id === userId || own) && 'You can’t offboard yourself. Ask another platform admin.') ||
    (isOffboarded && `${person.name} is already offboarded. Their page shows the certificate.`) ||
    (tooMany &&
      `They own more than ${maxOffboardedSpaces} spaces, the limit for one offboarding. Deactivate them now, then delete or hand over some of their spaces and try again.`)
  return (
    <>
      <PageHeader
        title={`Offboard ${person.name}`}
        description={
          <>
            End all access of <span className="font-mono">{person.handle}</span>, hand over or delete their spaces, and
            get proof from every cluster.
          </>
        }
        back={<BackLink href={personPath(person.handle)} label={person.name} />}
      />
      {problem ? (
        <Alert kind="warn" title={problem} />
      ) : (
        <div className="space-y-8">
          <EndingAccess departingUser={departingUser} />
          <OffboardForm
            person={{ id: person.id, handle: person.handle, name: person.name }}
            spaces={spaces.map((space) => toSpaceChoice(space, ctx.clusters.defaultName))}
            accounts={accounts.map((account) => toAccountChoice(account, ctx.clusters.defaultName))}
            today={ctx.now.toISOString().slice(0, 10)}
            latestDay={latestDay}
            action={offboardPersonAction}
          />
        </div>
      )}
    </>
  )
}
