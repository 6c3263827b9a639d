import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AuditEvent } from '#components/audit/audit-event.tsx'
import { toAuditEventData } from '#components/audit/audit-event-data.ts'
import { NoSuchEvent } from '#components/audit/no-such-event.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { readChainForPage } from '#lib/broker/audit/read-chain-for-page.ts'
import { readEvent } from '#lib/broker/audit/read-event.ts'
import { isAppError } from '#lib/domain/errors.ts'
import { decidePermission } from '#lib/domain/permission.ts'
import { trailMonthInWords } from '#lib/domain/trail-month.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Event · Audit trail' }

type Props = { params: Promise<{ id: string }> }

/** One event of the trail, at an address that stays, for auditors and platform admins. */
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
