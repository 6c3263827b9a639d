'use client'

import type { ReactNode } from 'react'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import type { ButtonSize, ButtonVariant } from './button-class.ts'
import { DialogActions, DialogButton } from './dialog.tsx'

type Props = {
  label: string
  /** Longer than the label, to distinguish rows. */
  accessibleLabel?: string
  title: string
  action: FormAction
  given: Readonly<Record<string, string>>
  /** The hint under the reason; null: no reason needed. */
  reason: string | null
  variant?: ButtonVariant
  /** Whether the dialog’s button is red. Default: if the button that opens it is. */
  isDanger?: boolean
  size?: ButtonSize
  children: ReactNode
}

/** A button for an action on an account or credentials, with a dialog that explains the consequences. */
export function ActDialog(props: Props) {
  const { label, accessibleLabel, title, action, given, reason, size, children } = props
  const { variant = size === 'sm' ? 'danger-quiet' : 'danger-outline' } = props
  const { isDanger = variant.startsWith('danger') } = props
  return (
    <DialogButton
      label={label}
      {...(accessibleLabel && { accessibleLabel })}
      title={title}
      variant={variant}
      {...(size && { size })}
    >
      <ActionForm action={action}>
        {Object.entries(given).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="space-y-2 text-sm">{children}</div>
        {reason !== null && (
          <TextAreaField label="Reason" name="reason" rows={2} maxLength={1000} hint={reason} className="mt-4" />
        )}
        <DialogActions>
          <SubmitButton variant={isDanger ? 'danger' : 'primary'}>{label}</SubmitButton>
        </DialogActions>
      </ActionForm>
    </DialogButton>
  )
}
