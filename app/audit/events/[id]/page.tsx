import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AuditEvent } from '#components/audit/event/audit-event.tsx'
import { toAuditEventData } from '#components/audit/event/audit-event-data.ts'
import { NoSuchEvent } from '#components/audit/event/no-such-event.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { readChainForPage } from '#lib/features/audit/use-cases/read-chain-for-page.ts'
import { readEvent } from '#lib/features/audit/use-cases/read-event.ts'
import { trailMonthInWords } from '#lib/kernel/model/audit/trail-month.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Event · Audit trail' }

type Props = { params: Promise<{ id: string }> }

/** One event of the trail, at a permanent address. For auditors and platform admins. */
export default async function AuditEventPage({ params }: Props) {
  const [ctx, { id }] = await Promise.all([pageContext(), params])
  const { platformRole, isEligible } = ctx.actor
  if (decidePermission('list-audit', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Audit trail" isEligible={isEligible} />
  const event = await readEvent(ctx, { id }).catch((error: unknown) => {
    if (isAppError(error, 'not_found', 'bad_input')) return null
    throw error
  })
  if (!event) {
    const { archived } = await readChainForPage(ctx)
    if (archived === null) notFound()
    return <NoSuchEvent archived={trailMonthInWords(archived.until)} />
  }
  return <AuditEvent event={toAuditEventData(event)} />
}
