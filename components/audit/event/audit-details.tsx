import Link from 'next/link'
import { NarrowingLink } from '#components/audit/narrowing-link.tsx'
import { RequestPath } from '#components/audit/words/request-path.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Copyable } from '#components/ui/copyable.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import type { AuditRecord } from '#lib/features/audit/model/audit-record.ts'
import type { AuditEventData } from './audit-event-data.ts'

type AnswersProps = {
  event: AuditEventData
  filters: AuditFilterText
}

/** The seven answers about an action, and its ids. Some link to similar entries. */
export function AuditAnswers({ event: { answers, ids }, filters }: AnswersProps) {
  return (
    <DescriptionList
      items={[
        ...answers.map(({ question, lines, narrow }) => ({
          term: question,
          detail: lines.map((line, index) => (
            <span key={line} className="block break-words">
              {narrow && index === 0 ? (
                <NarrowingLink filters={filters} {...narrow} className="text-link">
                  {line}
                </NarrowingLink>
              ) : (
                line
              )}
            </span>
          )),
        })),
        ...ids.map(([term, id]) => ({
          term,
          detail: <Copyable text={id} what={term} />,
        })),
      ]}
    />
  )
}

/** The path of a request to a cluster, and the stored rows. */
export function AuditRaw({ event: { way, records, sealed } }: { event: AuditEventData }) {
  return (
    <>
      {way && <RequestPath hops={way} />}
      <p className="text-muted text-sm">
        {sealed ? 'Sealed in the chain.' : 'Not sealed in the chain yet. This takes seconds.'}{' '}
        <Link href="/audit/exports#chain" className="underline">
          Verify the chain
        </Link>
      </p>
      {records.map((record) => (
        <RawRecord key={record.id} record={record} />
      ))}
    </>
  )
}

function RawRecord({ record }: { record: AuditRecord }) {
  const text = JSON.stringify(record, null, 2)
  const what = titleOf(record)
  return (
    <details className="rounded-md border bg-surface">
      <summary className="min-h-11 px-3 py-2.5 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2">
        {what}
      </summary>
      <div className="relative border-t">
        <div className="absolute top-1 right-1">
          <CopyButton text={text} label={`Copy as JSON: ${what}`} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
        <pre tabIndex={0} className="max-h-96 overflow-auto p-3 pr-10 font-mono text-xs">
          {text}
        </pre>
      </div>
    </details>
  )
}

function titleOf({ intent_id, route, observer, outcome }: AuditRecord): string {
  if (route !== null) return `Raw event, reported by ${observer}`
  if (intent_id !== null) return `Raw outcome, written by ${observer}`
  return outcome === null ? `Raw intent, written by ${observer}` : `Raw event, written by ${observer}`
}
