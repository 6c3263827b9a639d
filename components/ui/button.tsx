import type { ComponentProps } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts'
import { Icon, type IconName } from './icon.tsx'

type Props = ComponentProps<'button'> & { variant?: ButtonVariant; size?: ButtonSize; icon?: IconName }

/** A button. It doesn't submit unless `type="submit"`; forms use SubmitButton. */
export function Button({ variant, size, icon, className, children, type = 'button', ...rest }: Props) {
  return (
    <button type={type} className={buttonClass(variant, size, className)} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}
