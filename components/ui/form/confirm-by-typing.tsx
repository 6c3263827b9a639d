'use client'

import { type ReactNode, useState } from 'react'
import { DialogActions } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from './action-form.tsx'
import { SubmitButton } from './submit-button.tsx'
import { TextField } from './text-field.tsx'

type Props<D> = {
  action: FormAction<D>
  /** The text to type. The form sends it as `confirmation`. */
  name: string
  /** What will be lost, and the form's hidden inputs. */
  children: ReactNode
  button: string
  onOk?: (data: D | undefined) => void
}

/** A form for an action that can't be undone. Its button is enabled once the name has been typed. */
export function ConfirmByTyping<D = undefined>({ action, name, children, button, onOk }: Props<D>) {
  const [typed, setTyped] = useState('')
  return (
    <ActionForm action={action} {...(onOk && { onOk })}>
      {children}
      <TextField
        mono
        className="mt-4"
        label={`Type ${name} to confirm`}
        name="confirmation"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <DialogActions>
        <SubmitButton variant="danger" disabled={typed.trim() !== name}>
          {button}
        </SubmitButton>
      </DialogActions>
    </ActionForm>
  )
}
