import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { isSealingLate, verdictOf } from '#lib/kernel/model/audit/trail-check.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { ChainChecks } from './chain-checks.tsx'
import type { ChainData, CheckData } from './chain-data.ts'
import { ChainFacts } from './chain-facts.tsx'
import { ChainFindings } from './chain-findings.tsx'
import { ChainProgress } from './chain-progress.tsx'
import { ChainBadges } from './trail-state.tsx'

type Props = { data: ChainData; now: Date; actions: { verify: FormAction; cancel: FormAction } }

const number = new Intl.NumberFormat('en')

/** The state of the trail's chain, with a form that starts a verification. */
export function ChainCard({ data, now, actions }: Props) {
  const running = data.checks.find(({ endedAt }) => endedAt === null)
  const verdict = verdictOf(data.checks)
  const late = isSealingLate(data, now)
  return (
    <Section id="chain" title="Integrity">
      <div className="space-y-5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <ChainBadges
            chain={data}
            now={now}
            between={
              <span className="text-muted">
                <Summary verdict={verdict} data={data} />
              </span>
            }
          />
        </p>
        {verdict.is === 'broken' && <ChainFindings check={verdict.check} />}
        {running && <ChainProgress given={running} cancel={actions.cancel} />}
        <ChainFacts data={data} late={late} />
        {!running && <Ask verify={actions.verify} />}
        <ChainChecks checks={data.checks.filter(({ endedAt }) => endedAt !== null)} />
      </div>
    </Section>
  )
}

function Summary({ verdict, data }: { verdict: ReturnType<typeof verdictOf<CheckData>>; data: ChainData }) {
  if (verdict.is === 'unverified') return data.last === null ? 'Nothing sealed yet' : 'Verify it below'
  const { endedAt, findingCount, lastBlock } = verdict.check
  return (
    <>
      verified {endedAt && <AbsoluteTime at={endedAt} />}
      {verdict.is === 'broken'
        ? `, ${inNumber(findingCount, 'finding')}`
        : lastBlock !== null && ` up to block ${number.format(Number(lastBlock))}`}
    </>
  )
}

function Ask({ verify }: { verify: FormAction }) {
  return (
    <div className="flex flex-wrap items-start gap-3">
      <ActionForm action={verify} label="Verify the trail">
        <div className="flex flex-wrap items-end gap-3">
          <DateField label="From (UTC)" name="from" optional />
          <DateField label="To (UTC)" name="to" optional />
          <SubmitButton variant="primary">Verify</SubmitButton>
        </div>
        <p className="mt-1.5 text-muted text-xs">
          Leave the dates empty to verify the whole trail. Both days are included.
        </p>
      </ActionForm>
      <div className="sm:mt-6">
        <LinkButton download href="/api/audit/checkpoints" icon="download">
          Download checkpoints
        </LinkButton>
      </div>
    </div>
  )
}
