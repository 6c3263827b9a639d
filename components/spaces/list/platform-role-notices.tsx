import { MarkRead } from '#components/inbox/mark-read.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { OfficeNotice } from '#lib/kernel/model/people/platform-role-act.ts'
import { officeSentence } from '#lib/kernel/model/people/platform-role-sentence.ts'

type Props = { notices: readonly OfficeNotice[]; dismiss: FormAction }

/** What platform admins did to the person's spaces, until dismissed. */
export function OfficeNotices({ notices, dismiss }: Props) {
  if (notices.length === 0) return null
  return (
    <ul aria-label="Notices" className="space-y-3">
      {notices.map(({ id, at, act, space }) => (
        <li key={id}>
          <Alert
            kind="warn"
            title={<span className="wrap-anywhere">{officeSentence(act, space.name)}</span>}
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
