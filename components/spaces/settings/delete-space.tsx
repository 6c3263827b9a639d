'use client'

import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogButton } from '#components/ui/dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { ConfirmByTyping } from '#components/ui/form/confirm-by-typing.tsx'

type Props = {
  address: SpaceAddress
  remove: FormAction
  /** What would be lost; null if this person may not know. */
  loss: { workloads: number; volumes: number } | null
}

const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`

/** Deletes a space, after listing what is lost and asking to type the name. */
export function DeleteSpace({ address, remove, loss }: Props) {
  const { name } = address
  return (
    <DialogButton label="Delete space" variant="danger" icon="trash" title={`Delete ${name}?`}>
      <ConfirmByTyping action={remove} name={name} button="Delete">
        <SpaceFields space={address} />
        <p>This permanently deletes the namespace and everything in it:</p>
        <ul className="mt-2 list-disc space-y-1 pl-5">
          {!loss && <li>all workloads and volumes; only members can see how many</li>}
          {loss && loss.workloads > 0 && (
            <li>
              <strong>{count(loss.workloads, 'workload')}</strong>, stopped and removed
            </li>
          )}
          {loss && loss.volumes > 0 && (
            <li>
              <strong>{count(loss.volumes, 'volume')}</strong>, with the data on {loss.volumes === 1 ? 'it' : 'them'}
            </li>
          )}
          <li>all config, secrets and other objects</li>
          <li>everyone’s access, including kubeconfigs for this space</li>
        </ul>
        {loss && loss.workloads + loss.volumes === 0 && (
          <p className="mt-2 text-muted text-sm">There are no workloads or volumes in it right now.</p>
        )}
      </ConfirmByTyping>
    </DialogButton>
  )
}
