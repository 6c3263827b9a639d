'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'
import { readsAudit } from '#components/shell/admin-pages.ts'
import { Icon } from '#components/ui/icon.tsx'
import { showToast } from '#components/ui/show-toast.ts'
import { maxSearchLength } from '#lib/features/search/model/search-limits.ts'
import type { PaletteProps } from './palette.tsx'
import { useIsMac, useShortcuts } from './use-shortcuts.ts'

type Props = Omit<PaletteProps, 'shown' | 'show' | 'early'>

/** Opens the command palette, also on ⌘K and Ctrl-K, and loads it on first use. */
export function SearchButton(props: Props) {
  const [shown, setShown] = useState<PaletteProps['shown']>(null)
  const [loaded, setLoaded] = useState<typeof import('./palette.tsx') | null>(null)
  const isMac = useIsMac()
  const early = useEarlyLetters(shown === 'search' && loaded === null)

  async function show(what: PaletteProps['shown']) {
    // Over another dialog, it would hide that dialog's result.
    if (what && shown === null && document.querySelector('dialog[open]')) return
    setShown(what)
    if (loaded || !what) {
      early.current = ''
      return
    }
    try {
      setLoaded(await import('./palette.tsx'))
    } catch {
      setShown(null)
      showToast({ kind: 'bad', message: 'The search couldn’t be loaded. Reload the page.' })
    }
  }
  const toggle = () => void show(shown === 'search' ? null : 'search')
  useShortcuts({
    toggle,
    showKeys: () => void show('keys'),
    showAudit: readsAudit(props.admin),
    isOpen: shown !== null,
  })

  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => void show('search')}
        className="inline-flex min-h-9 min-w-9 items-center justify-center gap-2 rounded-md px-2 text-muted text-sm hover:bg-sunken hover:text-ink lg:border lg:bg-canvas noscript:hidden"
      >
        <Icon name="search" />
        <span className="max-lg:sr-only">Search</span>
        <kbd aria-hidden className="max-lg:hidden">
          {isMac ? '⌘K' : 'Ctrl K'}
        </kbd>
      </button>
      {loaded && <loaded.Palette {...props} early={early} shown={shown} show={(what) => void show(what)} />}
    </>
  )
}

/** @returns text typed while the palette is loading */
function useEarlyLetters(waiting: boolean): RefObject<string> {
  const typed = useRef('')
  useEffect(() => {
    if (!waiting) return
    typed.current = ''
    function onKey(event: KeyboardEvent) {
      const { key, ctrlKey, metaKey, altKey, isComposing } = event
      if (ctrlKey || metaKey || altKey || isComposing) return
      if (key === 'Backspace') typed.current = typed.current.slice(0, -1)
      else if (key.length === 1) typed.current = (typed.current + key).slice(0, maxSearchLength)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    document.addEventListener('keydown', onKey, true)
    return () => document.removeEventListener('keydown', onKey, true)
  }, [waiting])
  return typed
}
