'use client'

import { DateField } from '#components/ui/form/date-field.tsx'
import { RadioCards } from '#components/ui/form/radio-cards.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
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

const handleHint =
  'Their full handle, as on their page. They own the spaces at once, even beyond their limit, and are told.'

/** What becomes of the spaces: one decision for all, and others for some. */
export function SpacesToDecide({ spaces, rest, setRest, exceptions, setExceptions, days }: Props) {
  function decide(id: string, exception: Exception | null) {
    const next = new Map(exceptions)
    if (exception) next.set(id, exception)
    else next.delete(id)
    setExceptions(next)
  }
  return (
    <Section
      title={`What becomes of ${spaces.length === 1 ? 'their space' : `their ${spaces.length} spaces`}`}
      description="One decision for all; change it for single spaces below. A space that they create in the meantime gets it too."
    >
      <div className="mb-5 max-w-3xl space-y-4">
        <RadioCards
          legend="For all spaces"
          name="rest"
          value={rest}
          onChange={(value) => setRest(value === 'delete' ? 'delete' : 'hand-over')}
          options={[
            { value: 'hand-over', label: 'Hand over', detail: 'Somebody else owns them from now on.' },
            { value: 'delete', label: 'Delete on a date', detail: 'They end after that day, with everything in them.' },
          ]}
        />
        {rest === 'hand-over' ? (
          <TextField mono label="New owner" name="rest.to" hint={handleHint} maxLength={256} className="max-w-md" />
        ) : (
          <DateField
            label="Ends"
            name="rest.endsAt"
            hint={`Counts in full, in UTC. Up to ${dayInFull(new Date(days.max))}; an earlier end stays.`}
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
          { key: 'holds', header: 'In it', cell: ({ holds }) => holds },
          { key: 'members', header: 'Roles', cell: ({ members }) => inNumber(members, 'role') },
          { key: 'ends', header: 'Ends', cell: ({ lastDay }) => lastDay ?? 'No end' },
          {
            key: 'decision',
            header: 'What becomes of it',
            className: 'max-lg:w-full max-lg:flex-col max-lg:items-stretch',
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
