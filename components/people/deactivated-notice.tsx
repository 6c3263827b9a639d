import { Alert } from '#components/ui/alert.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'

/** Since when a person is deactivated, by whom and why. */
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
        They can’t sign in, and nothing of theirs works. Signing in at the identity provider doesn’t change that; only
        “Reactivate” does{deactivatedByToken !== null && ', or provisioning, which did it'}. What they own and were
        given stays until then.
      </p>
    </Alert>
  )
}
