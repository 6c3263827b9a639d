import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { decideRequestAction, withdrawRequestAction } from '#app/requests/actions.ts'
import { DecideForm } from '#components/requests/decide-form.tsx'
import { RequestChange } from '#components/requests/request-change.tsx'
import { requestSentence } from '#components/requests/request-sentence.ts'
import { RequestStateBadge } from '#components/requests/request-state-badge.tsx'
import { RequestTimeline } from '#components/requests/request-timeline.tsx'
import { WithdrawForm } from '#components/requests/withdraw-form.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { readRequest, readRequestInput } from '#lib/broker/requests/read-request.ts'
import type { RolePayload } from '#lib/domain/access-request.ts'
import { isAppError } from '#lib/domain/errors.ts'
import type { RequestDetail } from '#lib/domain/request-view.ts'
import { termOf } from '#lib/domain/role-term.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const request = await findRequest((await params).id)
  return { title: request ? requestSentence(request) : 'Not found' }
}

/** One request: who asks for what and why, what would change, and the decision. */
export default async function RequestPage({ params }: Props) {
  const [ctx, { id }] = await Promise.all([pageContext(), params])
  const request = await findRequest(id)
  if (!request) notFound()
  const { requester } = request
  return (
    <>
      <PageHeader
        title={requestSentence(request)}
        badge={<RequestStateBadge state={request.state} />}
        back={{ href: '/requests', label: 'Requests' }}
      />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="space-y-6">
          <Section title="Requester">
            <DescriptionList
              items={[
                { term: 'Name', detail: requester.name },
                { term: 'E-mail', detail: requester.email },
                { term: 'Handle', detail: <span className="font-mono">{requester.handle}</span> },
                { term: 'Reason', detail: <span className="wrap-anywhere whitespace-pre-line">{request.reason}</span> },
              ]}
            />
          </Section>
          <RequestChange request={request} policy={{ maxSize: ctx.policy.maxSize, limit: ctx.policy.spaceLimit }} />
        </div>
        <div className="space-y-6">
          <Decision request={request} isRequester={requester.handle === ctx.actor.handle} />
          <Section title="Progress">
            <RequestTimeline request={request} />
          </Section>
        </div>
      </div>
    </>
  )
}

/** Read once per HTTP request, for the page and its title. @returns null if the person may not know about it */
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

function Decision({ request, isRequester }: { request: RequestDetail; isRequester: boolean }) {
  const { id, payload, payloadHash, mayWithdraw, mayDecide } = request
  if (isRequester) {
    return mayWithdraw ? (
      <Section
        title="This is your request"
        description="Someone else has to decide on it. You can withdraw it while it’s open."
      >
        <WithdrawForm action={withdrawRequestAction} id={id} />
      </Section>
    ) : null
  }
  return mayDecide ? (
    <Section title="Your decision" description="An approval takes effect immediately.">
      <DecideForm
        action={decideRequestAction}
        id={id}
        payloadHash={payloadHash}
        {...(payload.kind === 'role' && roleTerm(payload))}
      />
    </Section>
  ) : null
}
