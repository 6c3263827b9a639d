'use client'

import { useEffect, useState } from 'react'
import { showToast } from './show-toast.ts'

const shownMs = 2_000

/** @returns a function that copies a text, and whether it has just done so */
export function useCopy(): { copied: boolean; copy: (text: string) => Promise<void> } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  async function copy(text: string) {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      // Unavailable over plain HTTP, or if the person has blocked it.
      showToast({ kind: 'bad', message: 'Your browser does not allow copying here. Select the text instead.' })
    }
  }
  return { copied, copy }
}
