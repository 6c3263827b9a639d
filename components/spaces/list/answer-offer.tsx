'use client'

import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'

type Props = { id: string; space: string; accept: FormAction; decline: FormAction }

/** Accepts or declines an offer. */
export function AnswerOffer({ id, space, accept, decline }: Props) {
  return (
    <div className="flex flex-wrap items-start gap-2">
      <ActionForm action={accept} label={`Accept ${space}`}>
        <input type="hidden" name="id" value={id} />
        <SubmitButton size="sm">Accept</SubmitButton>
      </ActionForm>
      <ActionForm
        action={decline}
        label={`Decline ${space}`}
        okMessage={`Offer of ${space} declined. It stays with its owner.`}
      >
        <input type="hidden" name="id" value={id} />
        <SubmitButton size="sm" variant="secondary">
          Decline
        </SubmitButton>
      </ActionForm>
    </div>
  )
}
