import { useIsHydrated } from '#components/ui/use-is-hydrated.ts'

/** @returns whether times can be shown in the reader’s own zone, which the server doesn’t know */
export const useOwnZone = (): boolean => useIsHydrated()
