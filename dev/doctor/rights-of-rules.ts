import { z } from 'zod'

const texts = z.array(z.string()).nullish()
export const ruleSchema = z.object({
  verbs: texts,
  apiGroups: texts,
  resources: texts,
  resourceNames: texts,
  nonResourceURLs: texts,
})
export type Rule = z.infer<typeof ruleSchema>

/** One right: a verb on a resource, for one name or (empty) any. */
export type Right = { verb: string; group: string; resource: string; name: string }

/** @returns the rights of rules one by one, whatever their grouping: `resources` × `verbs` × … */
export const rightsOf = (rules: readonly Rule[]): Right[] =>
  rules.flatMap(({ verbs, apiGroups, resources, resourceNames }) =>
    (verbs ?? []).flatMap((verb) =>
      (apiGroups ?? []).flatMap((group) =>
        (resources ?? []).flatMap((resource) =>
          (resourceNames?.length ? resourceNames : ['']).map((name) => ({ verb, group, resource, name })),
        ),
      ),
    ),
  )

/** @returns the right in words: `get secrets`, `bind clusterroles.rbac.authorization.k8s.io spaceport:viewer` */
export const describeRight = ({ verb, group, resource, name }: Right): string =>
  [verb, group === '' ? resource : `${resource}.${group}`, name].filter((word) => word !== '').join(' ')

/** @returns the rights of `some` that are not among `others`, in words */
export function rightsBeyond(some: readonly Right[], others: readonly Right[]): string[] {
  const known = new Set(others.map(describeRight))
  return [...new Set(some.map(describeRight))].filter((said) => !known.has(said))
}

/** @returns the first few of many, for one line */
export const few = (all: readonly string[]): string =>
  all.length <= 4 ? all.join(', ') : `${all.slice(0, 4).join(', ')} and ${all.length - 4} more`
