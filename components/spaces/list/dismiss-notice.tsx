'use client'

import { useMemo } from 'react'
import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { announced } from '#components/ui/announced.ts'
import { SubmitButton } from '#components/ui/submit-button.tsx'

/** Marks a notice as seen. */
export function DismissNotice({ id, dismiss }: { id: string; dismiss: FormAction }) {
  const run = useMemo(() => announced(dismiss), [dismiss])
  return (
    <ActionForm action={run}>
      <input type="hidden" name="id" value={id} />
      <SubmitButton size="sm" variant="secondary">
        Got it
      </SubmitButton>
    </ActionForm>
  )
}
