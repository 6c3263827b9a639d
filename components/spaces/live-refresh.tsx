'use client'

import { useEffect } from 'react'
import { useRefresh } from '#components/ui/live/page-refresh.ts'
import { useLive } from '#components/ui/live/use-live.ts'
import { forgetDeleting, rememberDeleting } from './deleting-space.ts'
import { type SpaceAddress, spaceEventsPath } from './space-path.ts'

/** Minimum time between two refreshes. */
const restMs = 1_000

type Props = {
  address: SpaceAddress
  deleting: boolean
  /** When the page was rendered, in milliseconds since the epoch. */
  at: number
}

/** Keeps a space's page current: on each change of the space, the server renders the page again. */
export function LiveRefresh({ address, deleting, at }: Props) {
  const refresh = useRefresh()
  const { name, cluster } = address

  useEffect(() => {
    if (deleting) rememberDeleting({ name, cluster })
    else forgetDeleting({ name, cluster })
  }, [deleting, name, cluster])

  useLive(
    spaceEventsPath({ name, cluster }),
    refresh,
    () => restMs,
    () => spaceEventsPath({ name, cluster }, at),
  )
  return null
}
