import { browserInWords } from '#components/shell/browser-in-words.ts'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { SessionListed, Some } from '#lib/kernel/model/people/person-view.ts'
import { BoundedSection } from './bounded-section.tsx'

type Props = {
  of: { id: string; handle: string }
  sessions: Some<SessionListed>
  /** Null for viewers who may not end sessions. */
  end: FormAction | null
}

const signOut = (person: string, end: FormAction): Column<SessionListed> => ({
  key: 'end',
  header: 'Sign out',
  headerHidden: true,
  align: 'right',
  cell: ({ id, userAgent }) => (
    <ActDialog
      label="Sign out"
      accessibleLabel={`Sign out ${browserInWords(userAgent) ?? 'this browser'}`}
      title="End this session?"
      action={end}
      given={{ id: person, session: id }}
      reason={null}
      variant="quiet"
      isDanger
      size="sm"
    >
      <p>This browser is signed out immediately. They can sign in again.</p>
    </ActDialog>
  ),
})

/** The browsers in which a person is signed in. */
export const PersonSessions = ({ of, sessions, end }: Props) => (
  <BoundedSection title="Sessions" none="They have no sessions." some={sessions} of={of} section="sessions">
    {(rows) => (
      <DataTable
        caption="Sessions"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'browser',
            header: 'Browser',
            primary: true,
            cell: ({ userAgent }) => (
              <span className="wrap-anywhere font-medium">
                {browserInWords(userAgent) ?? userAgent ?? 'Unknown browser'}
              </span>
            ),
          },
          { key: 'from', header: 'From', cell: ({ sourceAddress }) => sourceAddress ?? 'Unknown address' },
          { key: 'began', header: 'Signed in', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
          { key: 'used', header: 'Last used', cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} /> },
          { key: 'ends', header: 'Ends', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
          ...(end ? [signOut(of.id, end)] : []),
        ]}
      />
    )}
  </BoundedSection>
)
