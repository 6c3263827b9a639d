'use client'

import { type ReactNode, useEffect, useRef } from 'react'

type Props = {
  /** Whether the viewer can still decide, or withdraw. */
  isOpen: boolean
  title: string
  children: ReactNode
}

/**
 * How a request ended. It stays mounted while the request is open, so that the decision, which removes the form, moves
 * the focus here; whoever opens a closed request starts at the top.
 */
export function FocusedOutcome({ isOpen, title, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const wasOpen = useRef(isOpen)
  useEffect(() => {
    if (wasOpen.current && !isOpen) heading.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
  if (isOpen) return null
  return (
    <section className="mb-6 rounded-lg border bg-surface p-4 sm:px-5">
      <h2 ref={heading} tabIndex={-1} className="scroll-mt-4">
        {title}
      </h2>
      {children}
    </section>
  )
}
