'use client'

import { useMemo } from 'react'
import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { announced } from '#components/ui/announced.ts'
import { SubmitButton } from '#components/ui/submit-button.tsx'

/** Withdraws the person's own open request. */
export function WithdrawForm({ action, id }: { action: FormAction; id: string }) {
  const run = useMemo(() => announced(action), [action])
  return (
    <ActionForm action={run} label="Withdraw">
      <input type="hidden" name="id" value={id} />
      <SubmitButton variant="secondary">Withdraw request</SubmitButton>
    </ActionForm>
  )
}
