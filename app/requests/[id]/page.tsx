import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { decideRequestAction, withdrawRequestAction } from '#app/requests/actions.ts'
import { decisionSentence, waitsForOthers } from '#components/requests/approval-words.ts'
import { AskingTitle } from '#components/requests/asking-title.tsx'
import { DecideForm } from '#components/requests/decide-form.tsx'
import { RequestApprovals } from '#components/requests/request-approvals.tsx'
import { RequestChange } from '#components/requests/request-change.tsx'
import { RequestFacts } from '#components/requests/request-facts.tsx'
import { RequestOutcome } from '#components/requests/request-outcome.tsx'
import { requestSentence } from '#components/requests/request-sentence.ts'
import { RequestStateBadge } from '#components/requests/request-state-badge.tsx'
import { RequestTimeline } from '#components/requests/request-timeline.tsx'
import { RiskChips } from '#components/requests/risk-chips.tsx'
import { WithdrawForm } from '#components/requests/withdraw-form.tsx'
import { ActivateLink } from '#components/shell/activate-link.tsx'
import { addressOf } from '#components/spaces/space-path.ts'
import { BackLink } from '#components/ui/back-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { readRequest, readRequestInput } from '#lib/features/requests/use-cases/read-request.ts'
import { termOf } from '#lib/kernel/model/access/role-term.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { RolePayload } from '#lib/kernel/model/requests/access-request.ts'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const request = await findRequest((await params).id)
  return { title: request ? requestSentence(request) : 'Not found' }
}

/** A request with its requester, reason, effect and decision. */
export default async function RequestPage({ params }: Props) {
  const [ctx, { id }] = await Promise.all([pageContext(), params])
  const request = await findRequest(id)
  if (!request) notFound()
  const about = spaceOfRequest(request)
  const opens = request.opensSpace && about ? addressOf(about, ctx.clusters.defaultName) : null
  return (
    // The button bar covers the bottom of a narrow screen.
    <div className={request.mayDecide ? 'max-xl:pb-16' : undefined}>
      <PageHeader
        title={<AskingTitle request={request} opens={opens} />}
        badge={<RequestStateBadge state={request.state} />}
        description={<RiskChips request={request} />}
        back={<Back request={request} />}
      />
      <RequestOutcome request={request} viewer={ctx.actor} opens={opens} />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="space-y-8">
          <RequestFacts request={request} />
          <RequestChange request={request} policy={ctx.policy} />
        </div>
        <div className="space-y-8 xl:sticky xl:top-6">
          <Decision request={request} />
          <RequestApprovals request={request} />
          <Section title="Progress">
            <RequestTimeline request={request} opens={opens} />
          </Section>
        </div>
      </div>
    </div>
  )
}

/** Leads to the list that has the request: the person’s own, those that wait, or those that are decided. */
function Back({ request: { isOwn, state } }: { request: RequestDetail }) {
  if (isOwn) return <BackLink href="/requests" label="Requests" />
  return state === 'open' ? (
    <BackLink href="/inbox" label="Inbox" />
  ) : (
    <BackLink href="/requests/decided" label="Decided requests" />
  )
}

/** @returns the space of a request; null: it was deleted */
const spaceOfRequest = ({ payload, space }: RequestDetail) =>
  payload.kind === 'space' ? { name: payload.name, cluster: payload.cluster } : space

/**
 * Read once per HTTP request, for the page and its title.
 * @returns null if the person may not see it
 */
const findRequest = cache(async (id: string): Promise<RequestDetail | null> => {
  const ctx = await pageContext()
  const input = readRequestInput.safeParse({ id })
  if (!input.success) return null
  try {
    return await readRequest(ctx, input.data)
  } catch (error) {
    if (isAppError(error, 'not_found')) return null
    throw error
  }
})

function roleTerm(asked: RolePayload) {
  const { minutes, startsAt } = termOf(asked)
  return { askedMinutes: minutes, startsAt }
}

function Decision({ request }: { request: RequestDetail }) {
  const { id, payload, payloadHash, mayWithdraw, mayDecide, mayActivate } = request
  if (mayWithdraw) {
    return (
      <Section title="This is your request" description="Someone else decides on it; you can withdraw it until then.">
        <WithdrawForm action={withdrawRequestAction} id={id} />
      </Section>
    )
  }
  if (mayActivate)
    return (
      <Section title="Your decision" description="To decide as a platform admin, activate your role.">
        <ActivateLink />
      </Section>
    )
  return mayDecide ? (
    <Section title="Your decision" description={decisionSentence(request)}>
      <DecideForm
        key={id}
        action={decideRequestAction}
        id={id}
        payloadHash={payloadHash}
        mayApprove={!waitsForOthers(request)}
        {...(payload.kind === 'role' && roleTerm(payload))}
      />
    </Section>
  ) : null
}
