import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { OnCluster, RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { FocusedOutcome } from './focused-outcome.tsx'

type Props = {
  request: RequestDetail
  viewer: { handle: string }
  /** The space, if the viewer can open it. */
  opens: SpaceAddress | null
}

/** A request's outcome and next steps. Empty while it is open. */
export function RequestOutcome({ request, viewer, opens }: Props) {
  const { made, next, state } = request
  return (
    <FocusedOutcome isOpen={state === 'open'} title={outcomeTitle(request, viewer.handle)}>
      {made?.state === 'ended' && (
        <p className="mt-0.5 text-muted text-sm">
          {made.spaceIsGone ? 'The space has been deleted' : 'The role has ended'}
          {made.endedAt && (
            <>
              , <RelativeTime at={made.endedAt} />
            </>
          )}
          .
        </p>
      )}
      {made?.onCluster && <ClusterState onCluster={made.onCluster} />}
      {(opens || next) && (
        <div className="mt-3 flex flex-wrap gap-2">
          {opens && state === 'approved' && (
            <LinkButton href={spacePath(opens)} variant={next ? 'secondary' : 'primary'} icon="space">
              Open {opens.name}
            </LinkButton>
          )}
          {opens && state === 'approved' && request.isOwn && (
            <LinkButton href={spacePath(opens, 'connect')} icon="download">
              Download kubeconfig
            </LinkButton>
          )}
          {next && (
            <LinkButton href={`/requests/${next.id}`} variant="primary" icon="arrow-right">
              Next request ({next.waiting > 99 ? '99+' : next.waiting} waiting)
            </LinkButton>
          )}
        </div>
      )}
    </FocusedOutcome>
  )
}

/** Shows that the approved change isn't on the cluster yet. Empty once it is. */
function ClusterState({ onCluster }: { onCluster: OnCluster }) {
  if (onCluster.state === 'done') return null
  if (onCluster.state === 'pending')
    return <p className="mt-0.5 text-muted text-sm">The cluster is being updated. This takes a few seconds.</p>
  const { message, since, triedAt } = onCluster
  return (
    <Alert kind="warn" className="mt-3" title="Approved, but not on the cluster yet">
      <p className="wrap-anywhere">{message}</p>
      <p>
        {since && (
          <>
            Failing since <RelativeTime at={since} />
            {triedAt && (
              <>
                , last tried <RelativeTime at={triedAt} />
              </>
            )}
            .{' '}
          </>
        )}
        Spaceport keeps retrying, so no new request or approval is needed. Reload the page to check. If this doesn’t
        change, contact a platform admin.
      </p>
    </Alert>
  )
}

function outcomeTitle({ state, decider, isOwn, requester }: RequestDetail, viewer: string): string {
  const who = decider?.handle === viewer ? 'You' : (decider?.name ?? 'Somebody')
  const what = isOwn ? 'your request' : 'this request'
  switch (state) {
    case 'approved':
    case 'denied':
      return `${who} ${state} ${what}`
    case 'closed':
      return decider ? `${who} closed ${what}` : `${isOwn ? 'Your' : 'This'} request was closed`
    case 'withdrawn':
      return `${isOwn ? 'You' : requester.name} withdrew this request`
    case 'expired':
      return 'This request expired'
    case 'open':
      return 'Open'
  }
}
