'use client'

import { useState } from 'react'
import { SizeCards } from '#components/spaces/size-cards.tsx'
import { SizeReason } from '#components/spaces/size-reason.tsx'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { type Size, sizes, sizeWithin } from '#lib/kernel/model/spaces/size.ts'

type Props = {
  address: SpaceAddress
  size: Size
  maxSize: Size
  /** The preselected size, if it isn’t the current one. */
  preselected: Size | undefined
  /** Who else can request a size beyond policy; null: the reader can. */
  asker: string | null
  update: FormAction
}

/** Changes a space's size, or requests one beyond policy. */
export function SizeForm({ address, size, maxSize, preselected, asker, update }: Props) {
  const within = (each: Size) => sizeWithin(each, maxSize) || sizeWithin(each, size)
  const offered = asker === null ? sizes : sizes.filter(within)
  const [chosen, setChosen] = useState<Size | null>(preselected && offered.includes(preselected) ? preselected : null)
  const selected = chosen ?? size
  const asks = !within(selected)
  const shrinks = selected !== size && sizeWithin(selected, size)
  return (
    <ActionForm action={update} label="Size" onOk={() => setChosen(null)} className="space-y-4">
      <SpaceFields space={address} />
      <SizeCards value={selected} onChange={setChosen} maxSize={maxSize} current={size} offered={offered} />
      {offered.length < sizes.length && (
        <p className="max-w-prose text-muted text-sm">
          Sizes above {maxSize} need approval. {asker}, who owns this space, or an admin of it can ask for one here.
        </p>
      )}
      {shrinks && (
        <Alert kind="warn" title="Smaller than the current size">
          <p>
            Running workloads keep running. If they use more than the new size allows, nothing new can start until you
            free up capacity.
          </p>
        </Alert>
      )}
      {asks && <SizeReason maxSize={maxSize} />}
      <FormActions>
        <SubmitButton disabled={selected === size}>{asks ? 'Request approval' : 'Change size'}</SubmitButton>
      </FormActions>
    </ActionForm>
  )
}
