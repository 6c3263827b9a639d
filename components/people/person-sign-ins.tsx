import { reasonInWords } from '#components/audit/words/reason-words.ts'
import { browserInWords } from '#components/shell/browser-in-words.ts'
import { Badge } from '#components/ui/badge.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { SignInListed, Some } from '#lib/kernel/model/people/person-view.ts'
import { BoundedSection } from './bounded-section.tsx'

type Props = { of: { handle: string }; isBreakGlass: boolean; signIns: Some<SignInListed> }

/** A person's recent sign-ins, including refused ones. */
export const PersonSignIns = ({ of, isBreakGlass, signIns }: Props) => (
  <BoundedSection
    title="Sign-ins"
    none={isBreakGlass ? 'They signed in once, with a break-glass code.' : 'The audit trail has no sign-ins for them.'}
    some={signIns}
    of={of}
    section="sign-ins"
  >
    {(rows) => (
      <DataTable
        caption="Sign-ins"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          { key: 'at', header: 'When', primary: true, cell: ({ at }) => <RelativeTime at={at} /> },
          { key: 'how', header: 'Outcome', wraps: 'text', cell: (row) => <Outcome {...row} /> },
          { key: 'from', header: 'From', cell: ({ sourceAddress }) => sourceAddress ?? 'Unknown address' },
          {
            key: 'browser',
            header: 'Browser',
            cell: ({ userAgent }) => browserInWords(userAgent) ?? 'Unknown browser',
          },
        ]}
      />
    )}
  </BoundedSection>
)

function Outcome({ outcome, reason }: Pick<SignInListed, 'outcome' | 'reason'>) {
  if (outcome === 'ok') return 'Signed in'
  return (
    <Badge tone="warn" icon="alert-triangle">
      Refused{reason && `: ${reasonInWords(reason) ?? reason}`}
    </Badge>
  )
}
