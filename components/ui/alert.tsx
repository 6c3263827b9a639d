import type { ReactNode, Ref } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

export type AlertKind = 'info' | 'ok' | 'warn' | 'bad'

const looks: Readonly<Record<AlertKind, { icon: IconName; box: string; ink: string }>> = {
  info: { icon: 'info', box: 'bg-accent-soft', ink: 'text-accent' },
  ok: { icon: 'check-circle', box: 'bg-ok-soft', ink: 'text-ok' },
  warn: { icon: 'alert-triangle', box: 'bg-warn-soft', ink: 'text-warn' },
  bad: { icon: 'alert-circle', box: 'bg-bad-soft', ink: 'text-bad' },
}

type Props = {
  kind?: AlertKind
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  /** Announced immediately: only for messages that follow an action. */
  live?: boolean
  ref?: Ref<HTMLDivElement>
  className?: string
}

/** A message on the page: what happened, and what to do next. */
export function Alert({ kind = 'info', title, children, action, live, ref, className }: Props) {
  const look = looks[kind]
  return (
    <div
      ref={ref}
      tabIndex={-1}
      role={live ? 'alert' : undefined}
      className={classNames('flex gap-2.5 rounded-lg px-3.5 py-3 text-sm', look.box, className)}
    >
      <Icon name={look.icon} className={classNames('mt-0.5', look.ink)} />
      <div className="min-w-0 flex-1 space-y-1">
        {title && <p className={classNames('font-semibold', look.ink)}>{title}</p>}
        {children}
        {action && <div className="pt-1.5">{action}</div>}
      </div>
    </div>
  )
}
