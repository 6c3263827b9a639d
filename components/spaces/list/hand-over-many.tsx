import { personOption } from '#components/spaces/person-option.tsx'
import { DialogActions } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import type { SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { BatchProgress } from './batch-progress.tsx'
import { ChosenSpaces } from './chosen-spaces.tsx'
import type { FilterSearches } from './owner-and-group.tsx'
import type { SpaceListRow } from './space-list-data.ts'
import { useBatches } from './use-batches.ts'

type Props = {
  act: FormAction<SpaceOutcome[]>
  spaces: readonly SpaceListRow[]
  defaultCluster: string
  /** The days until an offer expires. */
  days: number
  people: FilterSearches['people']
  onDone: (outcomes: SpaceOutcome[]) => void
}

const mostPeople = 8

/** Offers several spaces to one new owner. */
export function HandOverMany({ act, spaces, defaultCluster, days, people, onDone }: Props) {
  const { action, tried } = useBatches(act, spaces)
  return (
    <ActionForm action={action} onOk={(data) => onDone(data ?? [])} className="space-y-4">
      <ChosenSpaces act="offer" spaces={spaces} defaultCluster={defaultCluster} />
      <Combobox
        label="New owner"
        name="to"
        hint="Search by name, email or handle."
        careful
        words={{
          several: (text) => `“${text}” matches more than one. Choose the one you mean.`,
          none: (text) => `Nobody called “${text}” has signed in yet.`,
        }}
        search={async (search) => {
          const found = await people({ search })
          if (found.status !== 'ok') return null
          return found.data.rows
            .filter(({ deactivated }) => !deactivated)
            .slice(0, mostPeople)
            .map((person) => personOption(person, `user:${person.handle}`))
        }}
      />
      <TextAreaField
        label="Reason"
        name="reason"
        rows={2}
        maxLength={1000}
        hint="The owners are notified immediately, with your name."
      />
      <p className="text-sm">
        Each space stays with its owner until the new owner accepts, even beyond their space limit. The former owner
        then becomes an admin. Offers expire after {days} days.
      </p>
      <BatchProgress tried={tried} count={spaces.length} />
      <DialogActions>
        <SubmitButton variant="danger">Offer</SubmitButton>
      </DialogActions>
    </ActionForm>
  )
}
