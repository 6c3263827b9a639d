/** Kinds that can act or grant rights: the trail's name → kubectl's. */
export const actingKinds = {
  serviceaccounts: 'serviceaccount',
  'roles.rbac.authorization.k8s.io': 'role',
  'rolebindings.rbac.authorization.k8s.io': 'rolebinding',
} as const
export type ActingKind = keyof typeof actingKinds

/** An object in a space that a person created or changed, and that could act for them. */
export type ActingObject = { kind: ActingKind; name: string }

export type RemainingAccess = {
  space: { id: string; name: string; cluster: string; namespace: string }
  ownerId: string
  objects: ActingObject[]
}

/** Names of RBAC objects may contain almost anything. @returns it as a word of a shell command */
export const quoted = (text: string): string =>
  /^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

export const removalCommand = (namespace: string, objects: readonly ActingObject[]): string =>
  [
    `kubectl delete -n ${quoted(namespace)} --ignore-not-found`,
    ...objects.map(({ kind, name }) => quoted(`${actingKinds[kind]}/${name}`)),
  ].join(' ')
