'use client'

import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'

export function WithdrawForm({ action, id }: { action: FormAction; id: string }) {
  return (
    <ActionForm action={action} label="Withdraw">
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary">Withdraw request</SubmitButton>
    </ActionForm>
  )
}
