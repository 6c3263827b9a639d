import { DialogActions } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { dayInFull } from '#components/ui/time/time-in-words.ts'
import type { SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { BatchProgress } from './batch-progress.tsx'
import { ChosenSpaces } from './chosen-spaces.tsx'
import type { SpaceListRow } from './space-list-data.ts'
import { useBatches } from './use-batches.ts'

type Props = {
  act: FormAction<SpaceOutcome[]>
  spaces: readonly SpaceListRow[]
  defaultCluster: string
  tomorrow: string
  /** The latest last day that the policy allows; null: no end is needed. */
  latestDay: string | null
  onDone: (outcomes: SpaceOutcome[]) => void
}

/** Sets the same last day for several spaces, or removes it. */
export function EndMany({ act, spaces, defaultCluster, tomorrow, latestDay, onDone }: Props) {
  const { action, tried } = useBatches(act, spaces)
  return (
    <ActionForm action={action} onOk={(data) => onDone(data ?? [])}>
      <ChosenSpaces act="end" spaces={spaces} defaultCluster={defaultCluster} />
      <DateField
        label="Ends"
        name="endsAt"
        optional={latestDay === null}
        min={tomorrow}
        presetsFrom={tomorrow}
        max={latestDay ?? undefined}
        className="[&_input]:max-w-56"
        hint={`The spaces and everything in them are deleted at the end of this day (UTC). ${latestDay === null ? 'Leave empty for no end date.' : `${dayInFull(new Date(latestDay))} at the latest.`}`}
      />
      <BatchProgress tried={tried} count={spaces.length} />
      <DialogActions>
        <SubmitButton>Change end date</SubmitButton>
      </DialogActions>
    </ActionForm>
  )
}
