import { Badge } from '#components/ui/badge.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { askedRisks } from '#lib/kernel/model/requests/request-risk.ts'
import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import { RequestStateBadge } from './request-state-badge.tsx'
import { RequestSummary } from './request-summary.tsx'
import { riskWords } from './risk-words.ts'

const what: Column<RequestRow> = {
  key: 'what',
  header: 'Request',
  primary: true,
  className: 'wide:w-1/3',
  cell: (row) => (
    <NameLink wholeRow href={`/requests/${row.id}`} className="font-medium">
      <RequestSummary request={row} />
    </NameLink>
  ),
}

const wordsOf = ({ payload }: RequestRow) => riskWords(askedRisks(payload))

const risk: Column<RequestRow> = {
  key: 'risk',
  header: 'Risk',
  card: 'plain',
  isFilled: (row) => wordsOf(row) !== null,
  cell: (row) => {
    const words = wordsOf(row)
    return words ? (
      <Badge tone="warn" icon="alert-triangle">
        {words}
      </Badge>
    ) : (
      <NoValue />
    )
  },
}

const who: Column<RequestRow> = {
  key: 'who',
  header: 'Requester',
  wraps: 'name',
  cell: ({ requester: { name, from } }) => (
    <>
      {name}
      {from && <span className="block text-muted text-xs">from {from}</span>}
    </>
  ),
}

const why: Column<RequestRow> = {
  key: 'why',
  header: 'Reason',
  wraps: 'text',
  cell: (row) => <span className="line-clamp-2 text-muted">{row.reason}</span>,
}

const asked: Column<RequestRow> = {
  key: 'asked',
  header: 'Requested',
  folds: 'first',
  cell: (row) => <RelativeTime at={row.createdAt} />,
}

const state: Column<RequestRow> = {
  key: 'state',
  header: 'Status',
  card: 'corner',
  cell: (row) => <RequestStateBadge state={row.state} />,
}

const expires: Column<RequestRow> = {
  key: 'expires',
  header: 'Expires',
  folds: 'first',
  isFilled: ({ state }) => state === 'open',
  cell: (row) => (row.state === 'open' ? <RelativeTime at={row.expiresAt} /> : <NoValue />),
}

const decided: Column<RequestRow> = {
  key: 'decided',
  header: 'Decided',
  cell: (row) => (row.decidedAt ? <RelativeTime at={row.decidedAt} /> : <NoValue />),
}

const columns = {
  waiting: [what, risk, who, why, asked, expires],
  mine: [what, why, asked, state, expires],
  decided: [what, who, why, state, decided],
} as const

type Props = { caption: string; box: keyof typeof columns; rows: readonly RequestRow[] }

/** Requests waiting for the person, their own, or those they decided. */
export const RequestTable = ({ caption, box, rows }: Props) => (
  <DataTable caption={caption} columns={columns[box]} rows={rows} rowKey={(row) => row.id} />
)
