import type { UsageRange } from '#lib/kernel/model/spaces/usage-sample.ts'

/** A space's address; without a cluster it means the default one. */
export type SpaceAddress = { name: string; cluster?: string | undefined }

export type SpaceView =
  | 'workload'
  | 'workload/edit'
  | 'logs'
  | 'shell'
  | 'configuration'
  | 'configuration/object'
  | 'access'
  | 'access/report'
  | 'connect'
  | 'activity'
  | 'settings'

/** @returns a space for use cases: without the key `cluster` unless it has a value */
export const spaceOf = (name: string, cluster: string | undefined): { name: string; cluster?: string } =>
  cluster ? { name, cluster } : { name }

/** @returns a space's address, without its cluster if that is the default one */
export const addressOf = (space: { name: string; cluster: string }, defaultCluster: string): SpaceAddress =>
  spaceOf(space.name, space.cluster === defaultCluster ? undefined : space.cluster)

/** @returns the path of a space's page */
export const spacePath = (space: SpaceAddress, view?: SpaceView, more: Record<string, string> = {}): string =>
  pathOf('/spaces', space, view, more)

/**
 * @param after when the page was made, in milliseconds since the epoch
 * @returns the path of the change events of a space (server-sent events)
 */
export const spaceEventsPath = (space: SpaceAddress, after?: number): string =>
  pathOf('/api/spaces', space, 'live', after === undefined ? {} : { after: String(after) })

/** @returns the path of the change events of a space's activity (server-sent events) */
export const activityEventsPath = (space: SpaceAddress): string => pathOf('/api/spaces', space, 'activity/live', {})

/** @returns the path of a space's usage over time */
export const usagePath = (space: SpaceAddress, range: UsageRange): string =>
  pathOf('/api/rows/spaces', space, 'usage', { range })

/** @returns the path of the logs of some containers of a space */
export const logsPath = (space: SpaceAddress, asked: Record<string, string>): string =>
  pathOf('/api/spaces', space, 'logs', asked)

/** @returns the path of a shell in a space (WebSocket) */
export const shellPath = (space: SpaceAddress, of: string): string => pathOf('/api/spaces', space, 'shell', { of })

/** @returns the path of the form that requests a role in a space, with fields filled in */
export const askingPath = ({ name, cluster }: SpaceAddress, more: Record<string, string> = {}): string =>
  `/requests/new?${new URLSearchParams({ space: name, ...(cluster && { cluster }), ...more })}`

function pathOf(base: string, { name, cluster }: SpaceAddress, view: string | undefined, more: Record<string, string>) {
  const query = new URLSearchParams({ ...(cluster && { cluster }), ...more }).toString()
  return `${base}/${encodeURIComponent(name)}${view ? `/${view}` : ''}${query ? `?${query}` : ''}`
}
