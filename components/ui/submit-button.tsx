'use client'

import type { ReactNode } from 'react'
import { useFormStatus } from 'react-dom'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts'
import { Icon, type IconName } from './icon.tsx'

type Props = {
  children: ReactNode
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: IconName
  disabled?: boolean
  /** A value that goes along when this is the button that was pressed. */
  name?: string
  value?: string
  className?: string
}

/**
 * A form's button. While the form is on its way it turns, and a second press does nothing; its name stays the same
 * and it keeps the focus.
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
