'use client'

import { type RefObject, useRef } from 'react'
import { readsAudit } from '#components/shell/admin-pages.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useOpenPage } from '#components/ui/live/page-refresh.ts'
import { KeyList } from './key-list.tsx'
import { PaletteBox } from './palette-box.tsx'
import type { PaletteOption, PaletteRights } from './palette-options.ts'
import { noteRecentId } from './recent-ids.ts'
import { type Reach, runAct } from './run-act.ts'

export type PaletteProps = PaletteRights &
  Pick<Reach, 'makeKubeconfig'> & {
    signOutUrl: string
    /** Text typed before the palette was loaded. */
    early: RefObject<string>
    /** The palette, the list of shortcuts, or neither. */
    shown: 'search' | 'keys' | null
    show: (what: 'search' | 'keys' | null) => void
  }

/** The command palette and the list of shortcuts. They stay mounted, so that closing returns the focus. */
export function Palette({ shown, show, signOutUrl, makeKubeconfig, early, ...rights }: PaletteProps) {
  const openPage = useOpenPage()
  const signOut = useRef<HTMLFormElement>(null)
  function choose({ id, act }: PaletteOption) {
    show(null)
    // Only options that open something are worth remembering.
    if (act.is === 'go' || act.is === 'kubeconfig') noteRecentId(id)
    void runAct(act, {
      go: openPage,
      showKeys: () => show('keys'),
      signOut: () => signOut.current?.requestSubmit(),
      makeKubeconfig,
    })
  }
  // One may close after the other has opened.
  const change = (what: 'search' | 'keys') => (open: boolean) => {
    if (open) show(what)
    else if (shown === what) show(null)
  }
  return (
    <>
      <Dialog bare title="Search" open={shown === 'search'} onChange={change('search')}>
        <PaletteBox rights={rights} early={early} choose={choose} />
      </Dialog>
      <Dialog title="Keys" open={shown === 'keys'} onChange={change('keys')}>
        <KeyList showAudit={readsAudit(rights.admin)} />
      </Dialog>
      <form ref={signOut} method="post" action={signOutUrl} hidden />
    </>
  )
}
