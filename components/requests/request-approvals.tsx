import { Alert } from '#components/ui/alert.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { allowedTime, approvalCount, unstaffedSentence } from './approval-words.ts'

/** Approvals of an open request: how many, by whom, and whether enough people can approve. Hidden if one is enough. */
export function RequestApprovals({ request }: { request: RequestDetail }) {
  const { needed, given } = request.approvals
  const unstaffed = unstaffedSentence(request)
  if (request.state !== 'open' || (needed === 1 && given.length === 0 && unstaffed === null)) return null
  return (
    <Section title={approvalCount(request)}>
      {unstaffed && (
        <Alert kind="warn" className={given.length > 0 ? 'mb-3' : ''}>
          <p>{unstaffed}</p>
        </Alert>
      )}
      {given.length > 0 ? (
        <ul aria-label="Approvals" className="space-y-3 text-sm">
          {given.map(({ handle, name, at, reason, minutes, counts, isViewer }) => (
            <li key={handle}>
              <p>
                {isViewer ? (
                  'You'
                ) : (
                  <>
                    {name} <span className="wrap-anywhere font-mono text-muted text-xs">{handle}</span>
                  </>
                )}{' '}
                approved it{allowedTime(minutes)}, <RelativeTime at={at} />
              </p>
              {reason && (
                <blockquote className="mt-1 wrap-anywhere whitespace-pre-line border-l-2 pl-3 text-muted">
                  {reason}
                </blockquote>
              )}
              {!counts && (
                <p className="mt-1">
                  <Badge tone="warn" icon="alert-triangle">
                    No longer counts: they can’t decide any more
                  </Badge>
                </p>
              )}
            </li>
          ))}
        </ul>
      ) : (
        unstaffed === null && <p className="text-muted text-sm">Each has to come from a different person.</p>
      )}
    </Section>
  )
}
