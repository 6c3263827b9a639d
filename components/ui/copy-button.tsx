'use client'

import { useEffect, useState } from 'react'
import { Icon } from './icon.tsx'
import { showToast } from './show-toast.ts'

const shownMs = 2_000

/** Copies a text. `label` says which: "Copy kubectl get pods". */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      aria-label={label}
      className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-line hover:text-ink"
      onClick={async () => {
        try {
          await navigator.clipboard.writeText(text)
          setCopied(true)
        } catch {
          // Unavailable over plain HTTP, or if the person has blocked it.
          showToast({ kind: 'bad', message: 'Your browser does not allow copying here. Select the text instead.' })
        }
      }}
    >
      <Icon name={copied ? 'check' : 'copy'} />
      <span aria-live="polite" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}
