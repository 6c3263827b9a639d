'use client'

import { buttonClass } from './button-class.ts'
import { Icon } from './icon.tsx'
import { useCopy } from './use-copy.ts'

/** Copies the full URL of one of the portal's pages. */
export function CopyLink({ label, path }: { label: string; path: string }) {
  const { copied, copy } = useCopy()
  return (
    <button
      type="button"
      className={buttonClass('secondary', 'sm', 'mt-1.5')}
      onClick={() => copy(new URL(path, window.location.href).href)}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      {label}
      <span aria-live="polite" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}
