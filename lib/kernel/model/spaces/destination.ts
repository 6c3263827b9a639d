/** Where an action of the trail goes: the portal's own data, the gateway itself, or a cluster. */
export type Destination = 'portal' | 'gateway' | `cluster/${string}`

/** @returns how the trail names a cluster as a destination */
export const clusterDestination = (cluster: string): Destination => `cluster/${cluster}`
