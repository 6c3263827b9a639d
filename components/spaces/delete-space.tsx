'use client'

import type { FormAction } from '#components/ui/action-form.tsx'
import { ConfirmByTyping } from '#components/ui/confirm-by-typing.tsx'
import { DialogButton } from '#components/ui/dialog.tsx'
import type { SpaceAddress } from './space-path.ts'

type Props = {
  address: SpaceAddress
  remove: FormAction
  /** What would be lost; null: not known to this person. */
  loss: { workloads: number; volumes: number } | null
}

const count = (number: number, one: string) => `${number || 'No'} ${one}${number === 1 ? '' : 's'}`

/** The way to delete a space: it says what is lost and wants the name typed. */
export function DeleteSpace({ address, remove, loss }: Props) {
  const { name, cluster } = address
  return (
    <DialogButton label="Delete space" variant="danger" icon="trash" title={`Delete ${name}?`}>
      <ConfirmByTyping
        action={remove}
        name={name}
        button="Delete"
        hidden={{ space: name, ...(cluster && { cluster }) }}
      >
        <p>This can’t be undone. What is lost:</p>
        <ul className="mt-2 list-disc space-y-1 pl-5">
          {loss ? (
            <>
              <li>
                <strong>{count(loss.workloads, 'workload')}</strong>
                {loss.workloads > 0 && ', stopped and removed'}
              </li>
              <li>
                <strong>{count(loss.volumes, 'volume')}</strong>
                {loss.volumes > 0 && `, with the data on ${loss.volumes === 1 ? 'it' : 'them'}`}
              </li>
            </>
          ) : (
            <li>All workloads and volumes in it; how many, only members can see</li>
          )}
          <li>All config, secrets and members’ access</li>
        </ul>
      </ConfirmByTyping>
    </DialogButton>
  )
}
