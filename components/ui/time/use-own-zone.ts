import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** @returns whether times can be told in the reader’s own zone: not by the server, nor while the browser takes over */
export const useOwnZone = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
