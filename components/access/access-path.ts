import type { SpaceAddress } from '#components/spaces/space-path.ts'

export type AccessView =
  | { by: 'person'; person?: string | undefined; search?: string | undefined }
  | { by: 'space'; space?: SpaceAddress | undefined; search?: string | undefined }

const base = '/admin/access'

/** @returns the view's parameters for its page and its download; `by` only if no other parameter implies it */
function paramsOf(view: AccessView): Record<string, string> {
  if (view.by === 'person') return view.person ? { person: view.person } : {}
  const { space } = view
  return space ? { space: space.name, ...(space.cluster && { cluster: space.cluster }) } : { by: 'space' }
}

const withQuery = (path: string, params: Record<string, string>): string => {
  const query = new URLSearchParams(params).toString()
  return query ? `${path}?${query}` : path
}

/** @returns the path of the access report for one person, one space or a search */
export const accessPath = (view: AccessView, after?: string): string =>
  withQuery(base, { ...paramsOf(view), ...(view.search && { search: view.search }), ...(after && { after }) })

/** @returns the path of the same report as a file */
export const accessExportPath = (view: AccessView): string =>
  withQuery('/api/admin/access/export', { ...paramsOf(view), by: view.by })
