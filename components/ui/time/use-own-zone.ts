import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** @returns whether times can be shown in the reader’s own zone: not on the server, nor during hydration */
export const useOwnZone = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
