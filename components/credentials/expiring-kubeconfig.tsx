import { Alert } from '#components/ui/alert.tsx'
import { dayAndTime, timeInWords } from '#components/ui/time/time-in-words.ts'
import type { CredentialView } from '#lib/kernel/model/people/credential-view.ts'
import { endingOf } from '#lib/kernel/model/spaces/ending.ts'

type Props = {
  space: { name: string; cluster: string }
  /** The person’s own active ones. */
  credentials: readonly CredentialView[]
  now: Date
}

/** Warns that the last kubeconfig for a space is about to expire; nothing if there is none, or a newer one. */
export function ExpiringKubeconfig({ space, credentials, now }: Props) {
  const [last] = credentials
    .filter((one) => one.space === null || (one.space.name === space.name && one.space.cluster === space.cluster))
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime())
  if (!last || !endingOf({ kind: 'credential', ...last }, now)) return null
  return (
    <Alert kind="warn" title={`Your kubeconfig expires ${timeInWords(last.endsAt, now)}`} className="mb-4">
      <p>
        The one {last.space ? 'for this space' : 'for all your spaces'} works until {dayAndTime(last.endsAt)}. Download
        a new one before then.
      </p>
    </Alert>
  )
}
