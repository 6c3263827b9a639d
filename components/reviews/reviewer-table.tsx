import { personPath } from '#components/people/people-list-data.ts'
import { PersonLink } from '#components/people/person-link.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Meter } from '#components/ui/meter.tsx'
import { Section } from '#components/ui/section.tsx'
import type { ReviewerProgress } from '#lib/features/reviews/model/review-view.ts'

type Props = { reviewers: { rows: readonly ReviewerProgress[]; more: boolean } }

/** How far those who are to decide are. */
export const ReviewerTable = ({ reviewers: { rows, more } }: Props) =>
  rows.length === 0 ? null : (
    <Section
      title="Reviewers"
      description="Those with the most left to decide come first. Platform admins decide where an owner is gone, holds it themselves, or a binding is about a whole cluster."
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
                  of="progress"
                  size="tiny"
                  label={`Decided of what ${reviewer?.name ?? 'platform admins'} had to`}
                  ratio={(lines - open) / lines}
                  text={`${lines - open} of ${lines}`}
                />
                {lines - open} of {lines}
              </span>
            ),
          },
        ]}
      />
      {more && <p className="mt-3 text-muted text-sm">There are more reviewers than are shown.</p>}
    </Section>
  )
