/** How a space is addressed; the cluster is named only where it is not the default one. */
export type SpaceAddress = { name: string; cluster?: string | undefined }

export type SpaceView = 'access' | 'connect' | 'activity' | 'settings'

/** @returns a space as use cases take it: the key `cluster` is there only with a value */
export const spaceOf = (name: string, cluster: string | undefined): { name: string; cluster?: string } =>
  cluster ? { name, cluster } : { name }

/** @returns the address of a space whose cluster is known */
export const addressOf = (space: { name: string; cluster: string }, defaultCluster: string): SpaceAddress =>
  spaceOf(space.name, space.cluster === defaultCluster ? undefined : space.cluster)

/** @returns where a space's page is, the cluster carried along */
export const spacePath = (space: SpaceAddress, view?: SpaceView, more: Record<string, string> = {}): string =>
  pathOf('/spaces', space, view, more)

/** @returns where changes of a space are announced (server-sent events) */
export const spaceEventsPath = (space: SpaceAddress): string => pathOf('/api/spaces', space, 'live', {})

function pathOf(base: string, { name, cluster }: SpaceAddress, view: string | undefined, more: Record<string, string>) {
  const query = new URLSearchParams({ ...(cluster && { cluster }), ...more }).toString()
  return `${base}/${encodeURIComponent(name)}${view ? `/${view}` : ''}${query ? `?${query}` : ''}`
}
