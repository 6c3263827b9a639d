import { personPath } from '#components/people/people-list-data.ts'
import { PersonLink } from '#components/people/person-link.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Meter } from '#components/ui/meter.tsx'
import { Section } from '#components/ui/section.tsx'
import type { ReviewerProgress } from '#lib/features/reviews/model/review-view.ts'

type Props = { reviewers: { rows: readonly ReviewerProgress[]; more: boolean } }

/** The progress of each reviewer. */
export const ReviewerTable = ({ reviewers: { rows, more } }: Props) =>
  rows.length === 0 ? null : (
    <Section
      title="Reviewers"
      description="Most open decisions first."
      more="Platform admins decide on spaces without an active owner, on the owner’s own access, and on cluster-wide bindings."
      content="bare"
    >
      <DataTable
        caption="Reviewers"
        rows={rows}
        rowKey={({ reviewer }) => reviewer?.handle ?? 'admins'}
        columns={[
          {
            key: 'who',
            header: 'Reviewer',
            primary: true,
            cell: ({ reviewer }) =>
              reviewer ? <PersonLink href={personPath(reviewer.handle)} person={reviewer} /> : 'Platform admins',
          },
          { key: 'open', header: 'Undecided', align: 'right', cell: ({ open }) => open },
          {
            key: 'progress',
            header: 'Decided',
            cell: ({ reviewer, lines, open }) => (
              <span className="flex items-center gap-2">
                <Meter
                  size="tiny"
                  label={`Decided by ${reviewer?.name ?? 'platform admins'}`}
                  ratio={(lines - open) / lines}
                  text={`${lines - open} of ${lines}`}
                />
                {lines - open} of {lines}
              </span>
            ),
          },
        ]}
      />
      {more && <p className="mt-3 text-muted text-sm">Not all reviewers are shown.</p>}
    </Section>
  )
