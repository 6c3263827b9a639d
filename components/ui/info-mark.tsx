'use client'

import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

type Props = {
  /** The panel’s ID, for inputs that it describes. */
  id: string
  /** The ID of the element that names what it is about. */
  about: string
  children: ReactNode
}

/** A mark that opens a few words more. Works without scripts, by the browser’s own popover. */
export const InfoMark = ({ id, about, children }: Props) => (
  <>
    <button
      type="button"
      popoverTarget={id}
      // The label names its field only.
      aria-label="Explanation"
      aria-describedby={about}
      className="-my-0.5 inline-grid size-6 shrink-0 place-items-center self-center rounded-full text-muted hover:bg-sunken hover:text-ink print:hidden"
    >
      <Icon name="info" className="size-3.5" />
    </button>
    <span id={id} popover="auto" className="info-panel">
      {children}
    </span>
  </>
)
