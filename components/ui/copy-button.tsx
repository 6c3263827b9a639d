'use client'

import { Icon } from './icon.tsx'
import { useCopy } from './use-copy.ts'

/** Copies a text. `label` names it: "Copy kubectl get pods". */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const { copied, copy } = useCopy()
  return (
    <button
      type="button"
      aria-label={label}
      className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-line hover:text-ink"
      onClick={() => copy(text)}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      <span aria-live="polite" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}
