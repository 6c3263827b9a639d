'use client'

import { useRouter } from 'next/navigation'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import type { ShellChoice } from './shell-choice.ts'
import { ShellView } from './shell-view.tsx'

/** A shell on a page of its own; the container is in the address. */
export function ShellOnPage({ address, ...choice }: ShellChoice & { address: SpaceAddress }) {
  const router = useRouter()
  return (
    <ShellView
      {...choice}
      address={address}
      choose={(of) => router.replace(spacePath(address, 'shell', { of }), { scroll: false })}
    />
  )
}
