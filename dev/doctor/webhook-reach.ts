import { z } from 'zod'

const texts = z.array(z.string()).nullish()
const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z.array(z.object({ key: z.string(), operator: z.string(), values: texts })).nullish(),
})
type Selector = z.infer<typeof selectorSchema>

export const webhookSchema = z.object({
  clientConfig: z.object({
    url: z.string().nullish(),
    service: z.object({ namespace: z.string(), name: z.string() }).nullish(),
  }),
  failurePolicy: z.string().default('Fail'),
  namespaceSelector: selectorSchema.nullish(),
  objectSelector: selectorSchema.nullish(),
  matchConditions: z.array(z.unknown()).nullish(),
  rules: z
    .array(z.object({ operations: texts, apiGroups: texts, resources: texts, scope: z.string().nullish() }))
    .nullish(),
})
export type Webhook = z.infer<typeof webhookSchema>

export type Labels = Readonly<Record<string, string>>

/** Spaceport's own objects, and what people run in spaces: resource → its group. */
const groups: Readonly<Record<string, string>> = {
  namespaces: '',
  serviceaccounts: '',
  rolebindings: 'rbac.authorization.k8s.io',
  resourcequotas: '',
  limitranges: '',
  networkpolicies: 'networking.k8s.io',
  pods: '',
}

/**
 * @returns the resources whose writes match a webhook’s rules, in any version (k8s.io/apiserver,
 * pkg/admission/plugin/webhook/predicates/rules)
 */
export const listMatched = ({ rules }: Webhook): string[] =>
  Object.entries(groups).flatMap(([resource, group]) =>
    (rules ?? []).some(
      ({ operations, apiGroups, resources, scope }) =>
        (operations ?? []).some((operation) => operation !== 'CONNECT') &&
        (apiGroups ?? []).some((one) => one === '*' || one === group) &&
        // `pods/*` includes pods themselves.
        (resources ?? []).some((one) => ['*', '*/*', resource, `${resource}/*`].includes(one)) &&
        (scope !== 'Namespaced' || resource !== 'namespaces') &&
        (scope !== 'Cluster' || resource === 'namespaces'),
    )
      ? [resource]
      : [],
  )

/** @returns whether a webhook is called for a namespace with these labels and for its contents */
export const isSelected = (selector: Selector | null | undefined, labels: Labels): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector?.matchExpressions ?? []).every(({ key, operator, values }) => {
    const label = labels[key]
    const isAmong = label !== undefined && (values ?? []).includes(label)
    if (operator === 'In') return isAmong
    if (operator === 'NotIn') return !isAmong
    if (operator === 'Exists') return label !== undefined
    // An unknown operator doesn't certainly exclude anything.
    return operator !== 'DoesNotExist' || label === undefined
  })

/** @returns whether a webhook may exclude more than its rules and its namespaceSelector do */
export const isNarrowed = ({ objectSelector, matchConditions }: Webhook): boolean =>
  Object.keys(objectSelector?.matchLabels ?? {}).length > 0 ||
  (objectSelector?.matchExpressions ?? []).length > 0 ||
  (matchConditions ?? []).length > 0
