'use client'

import type { ReactNode } from 'react'
import { useFormStatus } from 'react-dom'
import { type ButtonSize, type ButtonVariant, buttonClass } from '#components/ui/button-class.ts'
import { Icon, type IconName } from '#components/ui/icon.tsx'

type Props = {
  children: ReactNode
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: IconName
  disabled?: boolean
  /** Sent with the form if this button submitted it. */
  name?: string
  value?: string
  className?: string
}

/**
 * A form's button. While the form is being sent, it shows a spinner and ignores clicks, but keeps its name and focus.
 */
export function SubmitButton({ children, variant = 'primary', size, icon, disabled, name, value, className }: Props) {
  const { pending, data } = useFormStatus()
  const turning = pending && (name === undefined || data?.get(name) === value)
  return (
    <button
      type="submit"
      name={name}
      value={value}
      disabled={disabled}
      aria-disabled={pending || undefined}
      aria-busy={turning || undefined}
      onClick={(event) => pending && event.preventDefault()}
      className={buttonClass(variant, size, className)}
    >
      {turning ? <Icon name="progress" className="animate-spin" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}
