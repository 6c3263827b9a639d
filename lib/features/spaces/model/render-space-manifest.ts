import type { Size } from '#lib/kernel/model/spaces/size.ts'
import { type DeclaredMember, spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'
import type { GrantView } from '#lib/kernel/model/spaces/space-view.ts'

export type SpaceManifest = {
  name: string
  namespace: string
  description: string
  size: Size
  endsAt: Date | null
  /** Null: set in the portal. */
  members: readonly DeclaredMember[] | null
}

/** @returns the YAML of an object that declares a space. JSON strings are valid YAML, so any content is safe */
export function renderSpaceManifest({ name, namespace, description, size, endsAt, members }: SpaceManifest): string {
  const lines = [
    `apiVersion: ${spaceObjectVersion}`,
    'kind: Space',
    'metadata:',
    `  name: ${JSON.stringify(name)}`,
    `  namespace: ${JSON.stringify(namespace)}`,
    'spec:',
    ...(description === '' ? [] : [`  description: ${JSON.stringify(description)}`]),
    `  size: ${size}`,
    ...(endsAt === null ? [] : [`  expiresAt: ${JSON.stringify(endsAt.toISOString())}`]),
    ...(members === null ? [] : membersOf(members)),
  ]
  return `${lines.join('\n')}\n`
}

function membersOf(members: readonly DeclaredMember[]): string[] {
  if (members.length === 0) return ['  members: []']
  return [
    '  members:',
    ...members.flatMap((member) => [
      `    - ${'person' in member ? `person: ${JSON.stringify(member.person)}` : `group: ${JSON.stringify(member.group)}`}`,
      `      role: ${member.role}`,
      ...(member.endsAt === null ? [] : [`      endsAt: ${JSON.stringify(member.endsAt.toISOString())}`]),
    ]),
  ]
}

/** @returns the members that an object would list: without roles from requests, and without other providers’ groups */
export const declarableMembers = (grants: readonly GrantView[]): DeclaredMember[] =>
  grants.flatMap(({ principal, role, endsAt, byRequest }): DeclaredMember[] => {
    if (byRequest) return []
    if (principal.kind === 'user') return [{ person: principal.handle, role, endsAt }]
    return principal.issuer === null ? [{ group: principal.name, role, endsAt }] : []
  })
