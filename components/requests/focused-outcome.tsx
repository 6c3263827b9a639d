'use client'

import { type ReactNode, useEffect, useRef } from 'react'

type Props = {
  /** Whether the viewer can still decide or withdraw. */
  isOpen: boolean
  title: string
  children: ReactNode
}

/**
 * A request's outcome. Mounted while the request is open, so that it can take the focus when a decision removes the
 * form. On a closed request it doesn't.
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
