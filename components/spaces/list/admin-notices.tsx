import { MarkRead } from '#components/inbox/mark-read.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { AdminNotice } from '#lib/kernel/model/people/admin-act.ts'
import { adminActSentence } from '#lib/kernel/model/people/admin-act-sentence.ts'

type Props = { notices: readonly AdminNotice[]; dismiss: FormAction }

/** Platform admins' changes to the person's spaces, until dismissed. */
export function AdminNotices({ notices, dismiss }: Props) {
  if (notices.length === 0) return null
  return (
    <ul aria-label="Notices" className="space-y-3">
      {notices.map(({ id, at, act, space }) => (
        <li key={id}>
          <Alert
            kind="warn"
            title={<span className="wrap-anywhere">{adminActSentence(act, space.name)}</span>}
            action={
              <MarkRead what={{ id }} action={dismiss}>
                Got it
              </MarkRead>
            }
          >
            <p className="wrap-anywhere">
              Reason: {act.reason} <span className="text-muted">· </span>
              <span className="text-muted">
                <RelativeTime at={at} />
              </span>
            </p>
          </Alert>
        </li>
      ))}
    </ul>
  )
}
