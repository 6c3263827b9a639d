'use client'

import { PersonPicker } from '#components/people/person-picker.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { RadioCards } from '#components/ui/form/radio-cards.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Section } from '#components/ui/section.tsx'
import { dayInFull } from '#components/ui/time/time-in-words.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { OwnDecision } from './own-decision.tsx'
import type { Days, Exception, SpaceChoice } from './space-choice.ts'

type Props = {
  spaces: readonly SpaceChoice[]
  rest: 'hand-over' | 'delete'
  setRest: (rest: 'hand-over' | 'delete') => void
  exceptions: ReadonlyMap<string, Exception>
  setExceptions: (exceptions: ReadonlyMap<string, Exception>) => void
  days: Days
}

const ownerHint = 'They own the spaces immediately, even beyond their limit, and are notified.'

/** The decision about the spaces: one for all, with exceptions. */
export function SpacesToDecide({ spaces, rest, setRest, exceptions, setExceptions, days }: Props) {
  function decide(id: string, exception: Exception | null) {
    const next = new Map(exceptions)
    if (exception) next.set(id, exception)
    else next.delete(id)
    setExceptions(next)
  }
  return (
    <Section
      title={`Decide about ${spaces.length === 1 ? 'their space' : `their ${spaces.length} spaces`}`}
      description="One decision for all spaces, including any that they create in the meantime; you can change it for individual ones below."
    >
      <div className="mb-5 max-w-3xl space-y-4">
        <RadioCards
          legend="For all spaces"
          name="rest"
          value={rest}
          onChange={(value) => setRest(value === 'delete' ? 'delete' : 'hand-over')}
          options={[
            { value: 'hand-over', label: 'Hand over', detail: 'Another person owns them from now on.' },
            {
              value: 'delete',
              label: 'Delete on a date',
              detail: 'They are deleted after that day, with everything in them.',
            },
          ]}
        />
        {rest === 'hand-over' ? (
          <PersonPicker label="New owner" name="rest.to" hint={ownerHint} onlyActive careful className="max-w-md" />
        ) : (
          <DateField
            label="Ends"
            name="rest.endsAt"
            hint={`The last full day, in UTC, up to ${dayInFull(new Date(days.max))}. Earlier end dates stay.`}
            {...days}
            defaultValue={days.max}
            className="max-w-md"
          />
        )}
      </div>
      <DataTable
        caption="Spaces to decide about"
        rows={spaces}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'name',
            header: 'Space',
            primary: true,
            cell: ({ name, cluster }) => (
              <>
                <span className="wrap-anywhere font-mono">{name}</span>
                {cluster && <span className="text-muted"> on {cluster}</span>}
              </>
            ),
          },
          { key: 'holds', header: 'Contents', wraps: 'text', cell: ({ holds }) => holds },
          { key: 'members', header: 'Roles', cell: ({ members }) => inNumber(members, 'role') },
          { key: 'ends', header: 'Ends', cell: ({ lastDay }) => lastDay ?? 'No end' },
          {
            key: 'decision',
            header: 'Decision',
            className: 'card:w-full card:flex-col card:items-stretch',
            cell: ({ id, name }) => (
              <OwnDecision
                {...{ id, name, days }}
                exception={exceptions.get(id) ?? null}
                decide={(exception) => decide(id, exception)}
              />
            ),
          },
        ]}
      />
    </Section>
  )
}
