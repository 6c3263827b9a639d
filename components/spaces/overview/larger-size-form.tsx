'use client'

import { useState } from 'react'
import { SizeCards } from '#components/spaces/size-cards.tsx'
import { SizeReason } from '#components/spaces/size-reason.tsx'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { DialogActions } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { type Size, sizeWithin } from '#lib/kernel/model/spaces/size.ts'

type Props = {
  address: SpaceAddress
  size: Size
  maxSize: Size
  /** The larger sizes that the person may choose or request. */
  offered: readonly Size[]
  /** The preselected one. */
  proposed: Size
  reason: string
  update: FormAction
}

/** Gets a larger size for waiting pods: at once within policy, otherwise by a request. */
export function LargerSizeForm({ address, size, maxSize, offered, proposed, reason, update }: Props) {
  const [selected, setSelected] = useState(proposed)
  const asks = !sizeWithin(selected, maxSize)
  return (
    <ActionForm action={update} label="A larger size" className="space-y-4">
      <SpaceFields space={address} />
      <SizeCards value={selected} onChange={setSelected} maxSize={maxSize} current={size} offered={offered} />
      {asks ? (
        <SizeReason maxSize={maxSize} proposed={reason} />
      ) : (
        <p className="text-sm">Size {selected} needs no approval and applies at once.</p>
      )}
      <p className="text-muted text-sm">Pending pods start when Kubernetes retries, which can take a few minutes.</p>
      <DialogActions>
        <SubmitButton>{asks ? `Ask for size ${selected}` : `Change to size ${selected}`}</SubmitButton>
      </DialogActions>
    </ActionForm>
  )
}
