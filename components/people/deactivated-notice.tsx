import { Alert } from '#components/ui/alert.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'

/** When a person was deactivated, by whom and why. */
export function DeactivatedNotice({ person }: { person: PersonFacts }) {
  const { deactivatedAt, deactivatedBy, deactivatedByToken, deactivationReason } = person
  if (!deactivatedAt) return null
  return (
    <Alert kind="warn" title="This person is deactivated">
      <p>
        Since <RelativeTime at={deactivatedAt} />
        {deactivatedBy && ` by ${deactivatedBy.name} (${deactivatedBy.handle})`}
        {deactivatedByToken !== null && ` by provisioning (${deactivatedByToken})`}
        {deactivationReason && <>: {deactivationReason}</>}
      </p>
      <p>
        They can’t sign in, and their sessions and credentials don’t work. Only “Reactivate” changes that
        {deactivatedByToken !== null && ', or provisioning, which deactivated them'}. They keep their spaces and roles.
      </p>
    </Alert>
  )
}
