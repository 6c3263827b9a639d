import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** @returns whether scripts run: not on the server, nor during hydration */
export const useIsHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
