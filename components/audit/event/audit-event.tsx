import { AuditSentence } from '#components/audit/audit-sentence.tsx'
import { OutcomeBadge } from '#components/audit/words/outcome-badge.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { AroundBadge } from './around-badge.tsx'
import { AuditAnswers, AuditRaw } from './audit-details.tsx'
import type { AuditEventData } from './audit-event-data.ts'

/** Everything in the trail about one event. */
export function AuditEvent({ event }: { event: AuditEventData }) {
  const { at, told: sentence, failure, around, reported, outcome } = event.row
  return (
    <>
      <PageHeader
        title={
          <span className="[&_*]:[font-weight:inherit] [&_.font-mono]:text-[0.9em]">
            <AuditSentence parts={sentence} linked />
          </span>
        }
        description={
          <>
            {failure !== null && <p>{failure}</p>}
            {reported !== null && <p className="text-sm">{reported}</p>}
            <p className="text-sm">
              <AbsoluteTime at={at} to="second" />
            </p>
          </>
        }
        badge={
          <>
            <OutcomeBadge outcome={outcome} />
            {around && <AroundBadge />}
          </>
        }
        back={<BackLink href="/audit" label="Audit trail" />}
      />
      <div className="space-y-8">
        <Section title="Summary">
          <AuditAnswers event={event} filters={{}} />
        </Section>
        <Section title="Stored record">
          <div className="space-y-3">
            <AuditRaw event={event} />
          </div>
        </Section>
      </div>
    </>
  )
}
