import { CopyButton } from '#components/ui/copy-button.tsx'
import { type Description, DescriptionList } from '#components/ui/description-list.tsx'
import { Meter } from '#components/ui/meter.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ClusterRead, ReviewDetail } from '#lib/features/reviews/model/review-view.ts'
import { sentenceOf } from '#lib/kernel/model/errors.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { progressInWords } from './progress-in-words.ts'
import { ruleInWords, scopeInWords } from './review-words.ts'

/** A review's progress, scope and end. */
export function ReviewSummary({ review, seesAll }: { review: ReviewDetail; seesAll: boolean }) {
  const { hash, pseudonymisedAt } = review
  const { lines, decided, total, parts, automatic } = progressInWords(review)
  return (
    <Section title={seesAll ? 'Progress' : 'Your part'}>
      <div className="space-y-4">
        <div className="max-w-xl space-y-1.5">
          <Meter label="Decided" ratio={lines === 0 ? 0 : decided / lines} text={`${decided} of ${lines}`} />
          <p className="text-sm">
            <strong>{total}</strong>
            {parts} {automatic && <span className="text-warn">{automatic}</span>}
          </p>
        </div>
        <DescriptionList items={factsOf(review, seesAll)} />
        {hash !== null && seesAll && (
          <p className="flex flex-wrap items-center gap-x-2 text-sm">
            SHA-256 of the report <span className="wrap-anywhere font-mono text-xs">{hash}</span>
            <CopyButton text={hash} label="Copy hash" />
          </p>
        )}
        {pseudonymisedAt && seesAll && (
          <p className="max-w-prose text-muted text-sm">
            A pseudonym was inserted into the report <RelativeTime at={pseudonymisedAt} />, so the file no longer
            matches this SHA-256.
          </p>
        )}
      </div>
    </Section>
  )
}

function factsOf(review: ReviewDetail, seesAll: boolean): Description[] {
  const { by, at, dueAt, undecided, closedAt, closedBy, closeReason, scope, clusters } = review
  const shared = [
    {
      term: closedAt ? 'Was due' : 'Ends',
      detail: (
        <>
          <AbsoluteTime at={dueAt} />.{' '}
          {closedAt
            ? `Undecided access ${undecided === 'keep' ? 'stayed' : 'was revoked'}.`
            : `Without a decision, access ${ruleInWords(undecided)}.`}
        </>
      ),
    },
  ]
  if (!seesAll) return shared
  return [
    { term: 'About', detail: scopeInWords(scope) },
    {
      term: 'Started',
      detail: (
        <>
          <RelativeTime at={at} /> {by ? `by ${by.name} (${by.handle})` : 'by the schedule'}
        </>
      ),
    },
    ...shared,
    ...(closedBy
      ? [{ term: 'Ended early', detail: `by ${closedBy.name} (${closedBy.handle}): ${closeReason ?? ''}` }]
      : []),
    ...(closedAt ? [{ term: 'Closed', detail: <RelativeTime at={closedAt} /> }] : []),
    ...clusters.map((cluster) => ({ term: `Cluster ${cluster.cluster}`, detail: clusterInWords(cluster, closedAt) })),
  ]
}

function clusterInWords({ spaces, failureCode, finishedAt }: ClusterRead, closedAt: Date | null): string {
  if (finishedAt) return `Bindings read in ${inNumber(spaces, 'space')}.`
  const far = `${inNumber(spaces, 'space')} read so far`
  if (closedAt) return `Bindings read incompletely: ${far}.${failureCode ? ` ${sentenceOf(failureCode)}` : ''}`
  return failureCode ? `${far}. ${sentenceOf(failureCode)} Spaceport is retrying.` : `${far}…`
}
