import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

export type BadgeTone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad'

const tones: Readonly<Record<BadgeTone, string>> = {
  neutral: 'bg-neutral-soft text-muted',
  accent: 'bg-accent-soft text-accent',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
}

type Props = {
  tone?: BadgeTone
  icon?: IconName
  spinning?: boolean
  /** Only for the one status of a space's own page. */
  role?: 'status'
  children: ReactNode
}

/** A state in one word. Color always comes with an icon. */
export function Badge({ tone = 'neutral', icon, spinning, role, children }: Props) {
  return (
    <span role={role} className={classNames('badge', tones[tone])}>
      {icon && <Icon name={icon} className={classNames('size-3.5', spinning && 'animate-spin')} />}
      {children}
    </span>
  )
}
