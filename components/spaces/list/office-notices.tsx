import { MarkRead } from '#components/inbox/mark-read.tsx'
import type { FormAction } from '#components/ui/action-form.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { OfficeNotice } from '#lib/domain/office-act.ts'
import { officeSentence } from '#lib/domain/office-sentence.ts'

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
