import { classNames } from './class-names.ts'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger' | 'danger-outline' | 'danger-quiet'
export type ButtonSize = 'md' | 'sm' | 'xs'

const variants: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent-fill text-on-fill border-transparent hover:bg-accent-fill-hover shadow-sm',
  secondary: 'bg-surface text-ink border-line-strong hover:bg-sunken',
  quiet: 'bg-transparent text-ink border-transparent hover:bg-sunken',
  danger: 'bg-bad-fill text-on-fill border-transparent hover:bg-bad-fill-hover shadow-sm',
  'danger-outline': 'bg-surface text-bad border-line-strong hover:bg-bad-soft',
  'danger-quiet': 'bg-transparent text-bad border-transparent hover:bg-bad-soft',
}

const sizes: Readonly<Record<ButtonSize, string>> = {
  md: 'min-h-9 px-3.5 text-base',
  sm: 'min-h-8 px-2.5 text-sm',
  xs: 'min-h-7 px-2 text-sm',
}

/** @returns the classes of a button, or of a link that looks like one */
export const buttonClass = (variant: ButtonVariant = 'secondary', size: ButtonSize = 'md', more?: string): string =>
  classNames(
    'inline-flex items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium no-underline',
    'disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-muted disabled:shadow-none',
    variants[variant],
    sizes[size],
    more,
  )
