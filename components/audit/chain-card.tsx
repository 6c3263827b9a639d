'use client'

import Link from 'next/link'
import { useEffect, useState } from 'react'
import { AbsoluteTime } from '#components/ui/absolute-time.tsx'
import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { DateField } from '#components/ui/date-field.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Meter } from '#components/ui/meter.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { inNumber } from '#lib/domain/in-number.ts'
import { isSealingLate, maxWaiting, type TrailFinding, type Verdict, verdictOf } from '#lib/domain/trail-check.ts'
import { trailMonthInWords } from '#lib/domain/trail-month.ts'
import type { ChainData, CheckData } from './chain-data.ts'
import { eventPath } from './story-path.ts'

type Actions = { verify: FormAction; cancel: FormAction }
type Props = { given: ChainData; actions: Actions }

const pollMs = 1_000

const number = new Intl.NumberFormat('en')

/** Whether the trail's chain holds, since when and up to where; it verifies the chain when somebody asks. */
export function ChainCard({ given, actions }: Props) {
  const { data, now } = useChain(given)
  const running = data.checks.find(({ endedAt }) => endedAt === null)
  const [newest] = data.checks
  const verdict = verdictOf(data.checks)
  // It stays as it is when a verification ends.
  const [open, setOpen] = useState(verdict.is === 'broken' || running !== undefined)
  useEffect(() => {
    if (window.location.hash === '#chain') setOpen(true)
  }, [])
  const late = now > 0 && isSealingLate(data, new Date(now))
  return (
    <details
      id="chain"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group mb-4 scroll-mt-4 rounded-lg border bg-surface"
    >
      <summary className="flex min-h-12 list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <Icon name="chevron-right" className="size-3.5 text-muted transition-transform group-open:rotate-90" />
        <h2>Chain</h2>
        <VerdictBadge verdict={verdict} />
        <span className="text-muted">
          <Summary verdict={verdict} data={data} />
        </span>
        {running && (
          <Badge tone="accent" icon="progress" spinning>
            Verifying
          </Badge>
        )}
        {!running && newest?.result === 'gave-up' && (
          <Badge tone="warn" icon="alert-triangle">
            The latest verification couldn’t be done
          </Badge>
        )}
        {late && (
          <Badge tone="warn" icon="alert-triangle">
            Not being sealed
          </Badge>
        )}
      </summary>
      <div className="space-y-5 border-t px-4 py-4 sm:px-5">
        {verdict.is === 'broken' && <Findings check={verdict.check} />}
        {running && <Progress check={running} cancel={actions.cancel} />}
        <DescriptionList items={facts(data, late)} />
        {!running && <Ask verify={actions.verify} />}
        <Checks checks={data.checks.filter(({ endedAt }) => endedAt !== null)} />
      </div>
    </details>
  )
}

/** Follows a verification while it runs. `now` is 0 until the page is alive. */
function useChain(given: ChainData): { data: ChainData; now: number } {
  const [rendered, setRendered] = useState(given)
  const [data, setData] = useState(given)
  const [now, setNow] = useState(0)
  if (rendered !== given) {
    setRendered(given)
    setData(given)
  }
  useEffect(() => setNow(Date.now()), [])
  const running = data.checks.some(({ endedAt }) => endedAt === null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer starts the next wait
  useEffect(() => {
    if (!running) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      fetchChain(abort.signal).then(
        (next) => setData(next),
        // The next one may succeed: what is shown gets another identity, so that it is asked again.
        () => !abort.signal.aborted && setData((before) => ({ ...before })),
      )
    }, pollMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [running, data])
  return { data, now }
}

async function fetchChain(signal: AbortSignal): Promise<ChainData> {
  const answer = await fetch('/api/rows/audit/chain', { cache: 'no-store', signal })
  // Nobody is signed in any more, or may read the trail: the page itself says so.
  if (answer.status === 401 || answer.status === 403) window.location.reload()
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return answer.json()
}

function VerdictBadge({ verdict: { is } }: { verdict: Pick<Verdict, 'is'> }) {
  if (is === 'holds')
    return (
      <Badge tone="ok" icon="check-circle">
        Holds
      </Badge>
    )
  if (is === 'broken')
    return (
      <Badge tone="bad" icon="alert-circle">
        Doesn’t hold
      </Badge>
    )
  return <Badge icon="info">Not verified yet</Badge>
}

function Summary({ verdict, data }: { verdict: ReturnType<typeof verdictOf<CheckData>>; data: ChainData }) {
  if (verdict.is === 'unverified') return data.last === null ? 'Nothing is sealed yet' : 'Verify it below'
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

const facts = ({ first, last, archived, waiting, checkpoint }: ChainData, late: boolean) => [
  {
    term: archived ? 'In the database since' : 'Chained since',
    detail: first ? <AbsoluteTime at={first} /> : <span className="text-muted">Not yet</span>,
  },
  ...(archived
    ? [
        {
          term: 'Archived',
          detail: `Everything up to ${trailMonthInWords(archived.until)}, ${number.format(Number(archived.rows))} ${archived.rows === '1' ? 'event' : 'events'}: in files that whoever runs Spaceport keeps. The chain goes on from them.`,
        },
      ]
    : []),
  {
    term: 'Newest block',
    detail: last ? (
      <>
        {number.format(Number(last.number))}, made <AbsoluteTime at={last.sealedAt} />
      </>
    ) : (
      <span className="text-muted">None</span>
    ),
  },
  {
    term: 'Newest checkpoint',
    detail: checkpoint ? (
      <>
        up to block {number.format(Number(checkpoint.block))} ({inNumber(Number(checkpoint.rows), 'event')}), signed{' '}
        <AbsoluteTime at={checkpoint.madeAt} /> with the key{' '}
        <a href="/.well-known/spaceport-trail-keys.json" className="wrap-anywhere font-mono text-xs underline">
          {checkpoint.keyId}
        </a>
      </>
    ) : (
      <span className="text-muted">
        None: set SPACEPORT_CHECKPOINT_KEY for the worker. Without one, whoever owns the database could make the whole
        chain anew.
      </span>
    ),
  },
  {
    term: 'Waiting for a block',
    detail:
      waiting === 0
        ? 'Nothing'
        : `${waiting >= maxWaiting ? `${number.format(maxWaiting)} events or more` : inNumber(waiting, 'event')}${late ? ', for more than a minute: is the worker running?' : ''}`,
  },
]

function Findings({ check: { findings, findingCount } }: { check: CheckData }) {
  const more = findingCount - findings.length
  return (
    <div role="alert" className="rounded-md border border-bad/40 bg-bad-soft p-3 text-sm">
      <p className="font-medium text-bad">Somebody changed the trail.</p>
      <ol className="mt-2 space-y-2">
        {findings.map((finding, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same, and their order never changes
          <li key={i}>
            {finding.says}{' '}
            {finding.event !== null && (
              <Link href={eventPath(finding.event)} prefetch={false} className="underline">
                Show the event
              </Link>
            )}
            <span className="block text-muted text-xs">{placeOf(finding)}</span>
          </li>
        ))}
      </ol>
      {more > 0 && <p className="mt-2">{inNumber(more, 'more finding')}.</p>}
    </div>
  )
}

/** Where in the chain it is: what the last checkpoint before it says was signed. */
function placeOf({ block, after, before }: TrailFinding): string {
  const named = (text: string | null) => text !== null && `block ${number.format(Number(text))}`
  const places = [
    named(block),
    after !== null && `after the checkpoint of ${named(after)}`,
    before !== null && `before ${after === null ? 'the first checkpoint, ' : ''}that of ${named(before)}`,
  ]
  const text = places.filter((place) => place !== false).join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function Progress({ check, cancel }: { check: CheckData; cancel: FormAction }) {
  const { done, total, startedAt, cancelledAt } = check
  const text =
    startedAt === null
      ? 'Waiting for the worker…'
      : `${number.format(done)} of ${number.format(Math.max(total, done))} events verified`
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p aria-live="polite" className="text-sm">
          {cancelledAt === null ? text : 'Cancelling…'}
        </p>
        {cancelledAt === null && (
          <ActionForm action={cancel} label="Cancel the verification">
            <input type="hidden" name="id" value={check.id} />
            <SubmitButton variant="secondary" size="sm">
              Cancel
            </SubmitButton>
          </ActionForm>
        )}
      </div>
      <Meter of="progress" label="Events verified" ratio={total > 0 ? done / total : 0} text={text} />
    </div>
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
        <p className="mt-1.5 text-muted text-xs">Without dates, all of it. Whole days count.</p>
      </ActionForm>
      <div className="sm:mt-6">
        <LinkButton download href="/api/audit/checkpoints" icon="download">
          Download checkpoints
        </LinkButton>
      </div>
    </div>
  )
}

const results = {
  holds: 'Holds',
  broken: 'Doesn’t hold',
  cancelled: 'Cancelled',
  'gave-up': 'Couldn’t be done',
} as const

function Checks({ checks }: { checks: readonly CheckData[] }) {
  if (checks.length === 0) return null
  return (
    <details className="group/checks">
      <summary className="inline-flex min-h-8 list-none items-center gap-1.5 rounded-md text-sm [&::-webkit-details-marker]:hidden">
        <Icon name="chevron-right" className="size-3.5 text-muted transition-transform group-open/checks:rotate-90" />
        {inNumber(checks.length, 'verification')}
      </summary>
      <ul className="mt-2 divide-y rounded-md border text-sm">
        {checks.map((check) => (
          <li key={check.id} className="flex flex-col gap-x-4 gap-y-1 px-3 py-2 sm:flex-row sm:justify-between">
            <span className="min-w-0">
              <span className="font-medium">{check.result && results[check.result]}</span>
              {', '}
              {rangeOf(check)}, {number.format(check.done)} events
              {check.findingCount > 0 && `, ${inNumber(check.findingCount, 'finding')}`}
            </span>
            <span className="shrink-0 text-muted">
              {check.askedBy?.name ?? 'Every night'}, {check.endedAt && <AbsoluteTime at={check.endedAt} />}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function rangeOf({ fromAt, toAt }: CheckData): string {
  if (fromAt === null && toAt === null) return 'everything'
  const from = fromAt === null ? 'the beginning' : fromAt.slice(0, 10)
  return `from ${from} to ${toAt === null ? 'the end' : toAt.slice(0, 10)}`
}
