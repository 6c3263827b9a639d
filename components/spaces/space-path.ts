/** How a space is addressed; the cluster is named only where it is not the default one. */
export type SpaceAddress = { name: string; cluster?: string | undefined }

export type SpaceView = 'access' | 'connect' | 'activity' | 'settings'

/** @returns where a space's page is, the cluster carried along */
export function spacePath(
  { name, cluster }: SpaceAddress,
  view?: SpaceView,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({ ...(cluster && { cluster }), ...more }).toString()
  return `/spaces/${encodeURIComponent(name)}${view ? `/${view}` : ''}${query ? `?${query}` : ''}`
}

/** @returns where one asks for a role in a space */
export const requestAccessPath = ({ name, cluster }: SpaceAddress): string =>
  `/requests/new?${new URLSearchParams({ space: name, ...(cluster && { cluster }) })}`
