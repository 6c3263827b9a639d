import { amountText } from '#components/spaces/quota-words.ts'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { ConfirmByTyping } from '#components/ui/form/confirm-by-typing.tsx'
import { deletionPhrase, type SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { BatchProgress } from './batch-progress.tsx'
import { ChosenSpaces } from './chosen-spaces.tsx'
import type { SpaceListRow } from './space-list-data.ts'
import { useBatches } from './use-batches.ts'

type Props = {
  act: FormAction<SpaceOutcome[]>
  spaces: readonly SpaceListRow[]
  defaultCluster: string
  onDone: (outcomes: SpaceOutcome[]) => void
}

/** Deletes several spaces, after listing what is lost and asking to type their number. */
export function DeleteMany({ act, spaces, defaultCluster, onDone }: Props) {
  const { action, tried } = useBatches(act, spaces)
  const counted = spaces.flatMap(({ inside }) => inside ?? [])
  const sum = (of: keyof (typeof counted)[number]) => counted.reduce((all, each) => all + each[of], 0)
  const unknown = spaces.length - counted.length
  return (
    <ConfirmByTyping
      action={action}
      name={deletionPhrase(spaces.length)}
      button="Delete"
      onOk={(data) => onDone(data ?? [])}
    >
      <ChosenSpaces act="remove" spaces={spaces} defaultCluster={defaultCluster} />
      <p>This permanently deletes their namespaces and everything in them:</p>
      <ul className="mt-2 list-disc space-y-1 pl-5">
        {counted.length > 0 && (
          <li>
            <strong>{inNumber(sum('pods'), 'pod')}</strong> and <strong>{inNumber(sum('volumes'), 'volume')}</strong>
            {sum('volumes') > 0 && `, which requested ${amountText('requests.storage', sum('storage'))}`}, as last
            counted
          </li>
        )}
        {unknown > 0 && <li>everything in {inNumber(unknown, 'space')} not counted yet</li>}
        <li>all config, secrets and other objects</li>
        <li>everyone’s access, including kubeconfigs for these spaces</li>
      </ul>
      <BatchProgress tried={tried} count={spaces.length} />
    </ConfirmByTyping>
  )
}
