import type { SpaceAddress } from '#components/spaces/space-path.ts'

/** @returns the path of the access report as a file: of a person, of a space, or of all, ordered by one of them */
export function accessExportPath(
  of: { person: string } | { space: SpaceAddress } | { by: 'person' | 'space' },
): string {
  const params =
    'person' in of
      ? { by: 'person', person: of.person }
      : 'space' in of
        ? { by: 'space', space: of.space.name, ...(of.space.cluster && { cluster: of.space.cluster }) }
        : of
  return `/api/admin/access/export?${new URLSearchParams(params)}`
}
