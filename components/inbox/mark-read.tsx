'use client'

import type { ButtonVariant } from '#components/ui/button-class.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'

type Props = {
  /** An event's id, or the instant until which all are meant. */
  what: { id: string } | { until: string }
  action: FormAction
  children: string
  variant?: ButtonVariant
}

export function MarkRead({ what, action, children, variant = 'secondary' }: Props) {
  return (
    <ActionForm action={action}>
      {Object.entries(what).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton size="sm" variant={variant}>
        {children}
      </SubmitButton>
    </ActionForm>
  )
}
