/** The target of a trail entry: the portal's own data, the gateway itself, or a cluster. */
export type Destination = 'portal' | 'gateway' | `cluster/${string}`

export const clusterDestination = (cluster: string): Destination => `cluster/${cluster}`
