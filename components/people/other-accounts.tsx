import { DataTable } from '#components/ui/list/data-table.tsx'
import { Section } from '#components/ui/section.tsx'
import type { PersonView } from '#lib/kernel/model/people/person-view.ts'
import { personPath } from './people-list-data.ts'
import { PersonLink } from './person-link.tsx'
import { sameBecause } from './same-because.ts'

/** Accounts that may belong to the same person. Hidden if there are none. */
export const OtherAccounts = ({
  accounts,
  canInclude,
}: {
  accounts: PersonView['otherAccounts']
  canInclude: boolean
}) =>
  accounts.length > 0 && (
    <Section
      title="Other accounts"
      content="bare"
      description={`These may belong to the same person${canInclude ? ': offboarding lets you include them' : ''}.`}
    >
      <DataTable
        caption="Possible other accounts"
        rows={accounts}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'person',
            header: 'Account',
            primary: true,
            cell: (person) => <PersonLink href={personPath(person.handle)} person={person} />,
          },
          {
            key: 'provider',
            header: 'Identity provider',
            wraps: 'text',
            cell: ({ provider }) => <span className="wrap-anywhere">{provider}</span>,
          },
          { key: 'by', header: 'Why', wraps: 'text', cell: ({ by, email }) => sameBecause(by, email) },
        ]}
      />
    </Section>
  )
