'use client'

import { useState } from 'react'
import { SizeCards } from '#components/spaces/size-cards.tsx'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { TextAreaField } from '#components/ui/text-area-field.tsx'
import { type Size, sizeWithin } from '#lib/domain/size.ts'

type Props = {
  address: SpaceAddress
  size: Size
  maxSize: Size
  /** The size to begin with, if it isn’t the current one. */
  wish: Size | undefined
  update: FormAction
}

/** Changes a space's size, or requests one beyond policy. */
export function SizeForm({ address, size, maxSize, wish, update }: Props) {
  const [chosen, setChosen] = useState<Size | null>(wish ?? null)
  const wished = chosen ?? size
  const asks = !sizeWithin(wished, maxSize) && !sizeWithin(wished, size)
  const shrinks = wished !== size && sizeWithin(wished, size)
  return (
    <ActionForm action={update} label="Size" onOk={() => setChosen(null)} className="space-y-4">
      <SpaceFields space={address} />
      <SizeCards value={wished} onChange={setChosen} maxSize={maxSize} current={size} />
      {shrinks && (
        <Alert kind="warn" title="Smaller than the current size">
          <p>
            Running workloads keep running. If they use more than the new size allows, nothing new can start until you
            free up capacity.
          </p>
        </Alert>
      )}
      {asks && (
        <TextAreaField
          label="Reason"
          name="reason"
          required
          maxLength={1000}
          className="max-w-xl"
          hint={`Sizes above ${maxSize} need approval. Shown to the platform admin who decides.`}
        />
      )}
      <SubmitButton disabled={wished === size}>{asks ? 'Request approval' : 'Change size'}</SubmitButton>
    </ActionForm>
  )
}
