'use client'

import { useEffect, useState } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { timeLeft } from './time-left.ts'

const soonMs = 15 * 60_000

/** The time left, by the browser's clock. Amber in the last 15 minutes. */
export function Countdown({ to }: { to: string }) {
  const at = new Date(to)
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const isSoon = at.getTime() - now.getTime() < soonMs
  return (
    <span
      role="timer"
      suppressHydrationWarning
      className={classNames('whitespace-nowrap tabular-nums', isSoon && 'font-medium text-warn')}
    >
      {timeLeft(at, now)}
    </span>
  )
}
