import Link from 'next/link'
import type { ReactNode } from 'react'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { spanOf, termOf } from '#lib/kernel/model/access/role-term.ts'
import type { RequestPayload } from '#lib/kernel/model/requests/access-request.ts'
import type { OnCluster, RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { allowedTime } from './approval-words.ts'

type Step = { key: string; icon: IconName; ink: string; text: ReactNode; quote?: string | null }

/** @param opens the space, if the viewer can open it */
type Props = { request: RequestDetail; opens: SpaceAddress | null }

/** What has happened to a request, and what happens next. */
export function RequestTimeline({ request, opens }: Props) {
  return (
    <ol className="space-y-4 text-sm">
      {stepsOf(request, opens).map(({ key, icon, ink, text, quote }) => (
        <li key={key} className="flex gap-3">
          <Icon name={icon} className={`mt-0.5 ${ink}`} />
          <div className="min-w-0">
            <p>{text}</p>
            {quote && (
              <blockquote className="mt-1 wrap-anywhere whitespace-pre-line border-l-2 pl-3 text-muted">
                {quote}
              </blockquote>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}

function stepsOf(request: RequestDetail, opens: SpaceAddress | null): Step[] {
  const asked: Step = {
    key: 'asked',
    icon: 'inbox',
    ink: 'text-muted',
    text: (
      <>
        {request.isOwn ? 'You' : request.requester.name} sent the request <RelativeTime at={request.createdAt} />
      </>
    ),
  }
  return [asked, ...approvalSteps(request), ...nextSteps(request), ...madeSteps(request, opens)]
}

/** Approvals before the one that took effect. */
function approvalSteps({ approvals, state, decider }: RequestDetail): Step[] {
  const last = state === 'approved' ? decider?.handle : undefined
  return approvals.given
    .filter(({ handle }) => handle !== last)
    .map(({ handle, name, at, reason, minutes }) => ({
      key: handle,
      icon: 'check',
      ink: 'text-ok',
      text: (
        <>
          {name} approved it{allowedTime(minutes)}, <RelativeTime at={at} />
        </>
      ),
      quote: reason,
    }))
}

function nextSteps(request: RequestDetail): Step[] {
  const { state, expiresAt, decidedAt, decider, decisionReason } = request
  const when = decidedAt && <RelativeTime at={decidedAt} />
  const by = decider?.name ?? 'Someone'
  switch (state) {
    case 'open':
      return [
        {
          key: 'open',
          icon: 'clock',
          ink: 'text-accent',
          text: (
            <>
              Waiting for a decision. Expires <AbsoluteTime at={expiresAt} />
              {/* The same whether or not there is such a space. */}
              {request.isOwn && request.payload.kind === 'role' && (
                <span className="block text-muted">
                  If there is no answer, check the space’s name or ask its owner.
                </span>
              )}
            </>
          ),
        },
      ]
    case 'approved':
      return [
        {
          key: 'approved',
          icon: 'check-circle',
          ink: 'text-ok',
          text: (
            <>
              {by} approved it {when}
            </>
          ),
          quote: decisionReason,
        },
      ]
    case 'denied':
      return [
        {
          key: 'denied',
          icon: 'x',
          ink: 'text-bad',
          text: (
            <>
              {by} denied it {when}
            </>
          ),
          quote: decisionReason,
        },
      ]
    case 'closed':
      return [
        {
          key: 'closed',
          icon: 'x',
          ink: 'text-muted',
          text: decider ? (
            <>
              {by} closed it {when}
            </>
          ) : (
            <>Closed {when}</>
          ),
          quote: decisionReason,
        },
      ]
    case 'withdrawn':
      return [{ key: 'withdrawn', icon: 'x', ink: 'text-muted', text: <>Withdrawn {when}</> }]
    case 'expired':
      return [
        {
          key: 'expired',
          icon: 'clock',
          ink: 'text-muted',
          text: (
            <>
              Expired <RelativeTime at={decidedAt ?? expiresAt} /> without a decision. You can send a new request.
            </>
          ),
        },
      ]
  }
}

function startStep(payload: RequestPayload, decidedAt: Date): Step[] {
  if (payload.kind !== 'role') return []
  const { startsAt } = spanOf(termOf(payload), decidedAt)
  if (startsAt <= decidedAt) return []
  return [
    {
      key: 'starts',
      icon: 'clock',
      ink: 'text-muted',
      text: (
        <>
          Access starts <AbsoluteTime at={startsAt} />
        </>
      ),
    },
  ]
}

/** The role or space that an approval created, and its end. */
function madeSteps(request: RequestDetail, opens: SpaceAddress | null): Step[] {
  const { state, made, payload, decidedAt, endsAt } = request
  if (state !== 'approved' || !decidedAt) return []
  const done = doneWords(request, opens)
  const starts = made?.state === 'scheduled' || made?.state === 'unknown' ? startStep(payload, decidedAt) : []
  return [
    ...(starts.length > 0 ? starts : [madeStep(done, made?.onCluster ?? null)]),
    ...(made?.state === 'ended'
      ? [endStep(made.spaceIsGone ? 'The space was deleted' : 'Ended', made.endedAt)]
      : endsAt
        ? [endStep('Access ends', endsAt)]
        : []),
  ]
}

/** The effect of an approval, with a link to the space. */
function doneWords({ payload, space, isOwn, requester }: RequestDetail, opens: SpaceAddress | null): ReactNode {
  const name = payload.kind === 'space' ? payload.name : payload.kind === 'role' ? payload.space : space?.name
  const where = opens ? (
    <Link href={spacePath(opens)} prefetch={false} className="text-link wrap-anywhere">
      {opens.name}
    </Link>
  ) : (
    (name ?? 'The space')
  )
  switch (payload.kind) {
    case 'space':
      return <>Space {where} was created</>
    case 'size':
      return (
        <>
          {where} got size {payload.size}
        </>
      )
    case 'life':
      return <>{where} got more time</>
    case 'role':
      return (
        <>
          {isOwn ? 'You' : requester.name} became {payload.role} in {where}
        </>
      )
  }
}

/** Whether the approved change is on the cluster yet. */
function madeStep(done: ReactNode, onCluster: OnCluster | null): Step {
  if (onCluster?.state === 'failing')
    return {
      key: 'made',
      icon: 'alert-triangle',
      ink: 'text-warn',
      text: 'Not on the cluster yet: Spaceport is retrying',
    }
  if (onCluster?.state === 'pending')
    return { key: 'made', icon: 'clock', ink: 'text-accent', text: 'On its way to the cluster' }
  const at = onCluster?.at
  return {
    key: 'made',
    icon: 'check',
    ink: 'text-ok',
    text: at ? (
      <>
        {done}, <RelativeTime at={at} />
      </>
    ) : (
      done
    ),
  }
}

const endStep = (word: string, at: Date | null): Step => ({
  key: 'ends',
  icon: 'clock',
  ink: 'text-muted',
  text: (
    <>
      {word} {at && <AbsoluteTime at={at} />}
    </>
  ),
})
