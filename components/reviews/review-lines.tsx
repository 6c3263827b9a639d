'use client'

import { useState } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectBox, selectColumn } from '#components/ui/form/select-box.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { LineFilter, ReviewLine } from '#lib/features/reviews/model/review-view.ts'
import { BulkActs } from './bulk-acts.tsx'
import { LineActs, lineTitle } from './line-acts.tsx'
import { LineDecision } from './line-decision.tsx'
import { setFilters } from './review-path.ts'

/** A line's role and end, and the role at the start. */
const LineRole = ({ line: { role, wasRole, until, binding } }: { line: ReviewLine }) => (
  <>
    {binding ? (
      <>
        <span className="wrap-anywhere font-mono">{role}</span>
        <span className="mt-1 block">
          <Badge tone="warn" icon="alert-triangle">
            Not made by Spaceport
          </Badge>
        </span>
      </>
    ) : (
      <span className="inline-block first-letter:uppercase">{role}</span>
    )}
    {until && (
      <span className="block text-muted text-xs">
        ends <AbsoluteTime at={until} />
      </span>
    )}
    {wasRole !== null && (
      <span className="block text-warn text-xs">
        {wasRole === role ? 'Its end changed since the start' : `Was ${wasRole} at the start`}
      </span>
    )}
  </>
)

type Props = {
  review: string
  lines: readonly ReviewLine[]
  total: number
  filter: LineFilter
  defaultCluster: string
  /** Null for viewers who can't decide, and after the review. */
  decide: FormAction | null
  /** Whether bulk decisions by filter are possible. */
  decidesAll: boolean
}

/** Lines of a review, with decisions on one or many. */
export function ReviewLines({ review, lines, total, filter, defaultCluster, decide, decidesAll }: Props) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const { show = 'open', ...others } = filter
  const decidable = lines.filter((line) => line.decides)
  const chosen = decidable.filter(({ id }) => selected.has(id))
  return (
    <>
      {decide && decidable.length > 0 && (
        <BulkActs
          action={decide}
          review={review}
          chosen={chosen}
          selectAll={{
            count: decidable.length,
            toggle: (on) => setSelected(new Set(on ? decidable.map(({ id }) => id) : [])),
          }}
          filters={show === 'open' && decidesAll ? setFilters(others) : {}}
          total={decidesAll ? total : decidable.length}
        />
      )}
      <DataTable
        caption="Lines of the review"
        facts
        rows={lines}
        rowKey={({ id }) => id}
        columns={[
          ...(decide
            ? [
                {
                  ...selectColumn,
                  cell: (line: ReviewLine) =>
                    line.decides && (
                      <SelectBox id={line.id} name={lineTitle(line)} selected={selected} setSelected={setSelected} />
                    ),
                },
              ]
            : []),
          ...columns(defaultCluster),
          {
            key: 'decision',
            header: 'Decision',
            card: 'plain',
            cell: (line) =>
              decide && line.decides ? (
                <LineActs review={review} line={line} action={decide} />
              ) : (
                <LineDecision line={line} />
              ),
          },
        ]}
      />
    </>
  )
}

const columns = (defaultCluster: string): readonly Column<ReviewLine>[] => [
  { key: 'who', header: 'Who', primary: true, cell: (line) => <Holder line={line} /> },
  {
    key: 'space',
    header: 'Space',
    wraps: 'name',
    cell: ({ space, cluster }) => (
      <>
        {space === null ? 'Whole cluster' : <span className="wrap-anywhere font-mono">{space}</span>}
        {(space === null || cluster !== defaultCluster) && <span className="text-muted"> on {cluster}</span>}
      </>
    ),
  },
  { key: 'role', header: 'Role', wraps: 'name', cell: (line) => <LineRole line={line} /> },
  {
    key: 'since',
    header: 'Since',
    wraps: 'name',
    folds: 'first',
    cell: ({ since, givenBy }) =>
      since === null ? (
        <span className="text-muted">Not known</span>
      ) : (
        <>
          <RelativeTime at={since} />
          {givenBy !== null && (
            <span className="wrap-anywhere block text-muted text-xs">
              by <span className="font-mono">{givenBy}</span>
            </span>
          )}
        </>
      ),
  },
  {
    key: 'used',
    header: 'Last used',
    cell: ({ lastUsedAt, unused, kind }) => (
      <>
        {lastUsedAt ? (
          <RelativeTime at={lastUsedAt} />
        ) : (
          <span className="whitespace-nowrap text-muted">{kind === 'binding' ? 'Not known' : 'Never'}</span>
        )}
        {unused && (
          <span className="mt-1 block">
            <Badge tone="warn" icon="clock">
              Unused for 30 days
            </Badge>
          </span>
        )}
      </>
    ),
  },
]

function Holder({ line: { holder, holderName, isGroup, deactivated, binding, isOwn } }: { line: ReviewLine }) {
  if (binding)
    return (
      <>
        <span className="wrap-anywhere font-mono">{binding.name}</span>
        <span className="wrap-anywhere block font-normal text-muted text-xs">
          {binding.kind} to {holder || 'nobody'}
          {binding.leftOut > 0 && ` and ${binding.leftOut} more`}
        </span>
      </>
    )
  return (
    <>
      <span className="wrap-anywhere">{isGroup ? holder : holderName}</span>
      <span className="wrap-anywhere block font-normal text-muted text-xs">
        {isGroup ? 'Group' : <span className="font-mono">{holder}</span>}
        {isOwn && ' · you'}
      </span>
      {deactivated && (
        <span className="mt-1 block">
          <Badge tone="warn" icon="lock">
            Deactivated
          </Badge>
        </span>
      )}
    </>
  )
}
