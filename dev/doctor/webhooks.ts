/**
 * Others' webhooks that are called for Spaceport's writes. Anyone who may write their configurations chooses names,
 * URLs and annotations, so only valid object names and the host of a URL are repeated.
 */
import { z } from 'zod'
import { labels, proofNamespace, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { Area } from './check.ts'
import { doubtful, type Finding, good } from './finding.ts'
import { few } from './rights-of-rules.ts'
import { isNarrowed, isSelected, type Labels, listMatched, type Webhook, webhookSchema } from './webhook-reach.ts'

const kinds = { Validating: 'validatingwebhookconfigurations', Mutating: 'mutatingwebhookconfigurations' } as const
type Kind = keyof typeof kinds

/** The most findings about one kind, because there may be thousands. */
const maxNamed = 20

const remedy = `have its owner exclude spaces by its namespaceSelector (${labels.spaceId} DoesNotExist), or keep it running at all times (docs/doctor.md, admission webhooks)`

/** Checks whether others' webhooks can block or change what Spaceport writes. */
export const webhooks = (cluster: Cluster): Area => ({
  title: 'Admission webhooks',
  checks: (['Validating', 'Mutating'] as const).map((kind) => ({
    about: `${kind} webhooks`,
    remedy: `let this login list namespaces and ${kinds[kind]}`,
    limitMs: 20_000,
    run: async (signal) => {
      const path = collectionPath('admissionregistration.k8s.io/v1', kinds[kind])
      const [found, places] = await Promise.all([
        listAll(cluster, { path, signal }, configurationSchema),
        listPlaces(cluster, signal),
      ])
      return checkConfigurations(kind, found, places)
    },
  })),
})

const configurationSchema = z.object({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).nullish() }),
  webhooks: z.array(webhookSchema).nullish(),
})
type Configuration = z.infer<typeof configurationSchema>

/** Labels of the namespaces that Spaceport writes in. */
type Places = { fresh: Labels; spaces: Labels[]; people: Labels }

async function listPlaces(cluster: Cluster, signal: AbortSignal): Promise<Places> {
  const asked = {
    path: collectionPath('v1', 'namespaces'),
    query: { labelSelector: labels.spaceId, resourceVersion: '0' },
    accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    signal,
  }
  const namespace = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }) })
  const found = await listAll(cluster, asked, namespace)
  const spaces = found.map(({ metadata }) => metadata.labels).filter((space) => space[nameLabel] !== proofNamespace)
  return { fresh: freshLabels(), spaces, people: named(usersNamespace) }
}

/** The API server sets it on each namespace. */
const nameLabel = 'kubernetes.io/metadata.name'
const named = (name: string): Labels => ({ [nameLabel]: name })

/** @returns the labels of a new space's namespace */
function freshLabels(): Labels {
  const [id, name] = ['00000000-0000-0000-0000-000000000000', 'new']
  const { namespace } = renderSpace(
    {
      ...{ id, name, namespace: name, creation: '', description: '', size: 'S', endsAt: null, requestId: null },
      ...{ owner: { userId: id, handle: name, email: '', name }, members: [], grants: [] },
    },
    { deniedCidrs: [], dnsPeers: [], ingressSuffixes: [], platformNamespaces: [] },
  )
  return { ...namespace.metadata.labels, ...named(name) }
}

function checkConfigurations(kind: Kind, found: readonly Configuration[], places: Places): Finding[] {
  const findings = found.flatMap((configuration) => checkConfiguration(kind, configuration, places))
  if (findings.length === 0)
    return [
      good(`${kind} webhooks: ${found.length} configurations, and neither Spaceport’s work nor spaces depend on them`),
    ]
  const more = findings.length - maxNamed
  return more > 0
    ? [...findings.slice(0, maxNamed), doubtful(`The same applies to ${more} more ${kinds[kind]}`, remedy)]
    : findings
}

function checkConfiguration(kind: Kind, { metadata, webhooks: all }: Configuration, places: Places): Finding[] {
  const asked = (all ?? []).flatMap((webhook) => {
    const { resources, whose } = reachOf(webhook, places)
    return resources.length > 0 ? [{ webhook, resources, whose }] : []
  })
  const called = `${kind}WebhookConfiguration ${plainName(metadata.name)}${ownerOf(metadata.annotations ?? {})}`
  const closed = asked.filter(({ webhook }) => webhook.failurePolicy === 'Fail')
  const changes = kind === 'Mutating' ? '; it may also change them' : ''
  if (closed.length > 0)
    return [
      doubtful(
        `${called} is called for ${describeReach(closed)}: while ${receiversOf(closed)} is down, these can’t be written (failurePolicy Fail)${changes}${exceptions(closed)}`,
        remedy,
      ),
    ]
  // Webhooks that change only pods, as service meshes do, change nothing that Spaceport writes.
  const changing = asked.filter(({ resources }) => resources.some((resource) => resource !== 'pods'))
  if (kind === 'Validating' || changing.length === 0) return []
  return [
    doubtful(
      `${called} may change ${describeReach(changing)}, which Spaceport would restore again and again${exceptions(changing)}`,
      remedy,
    ),
  ]
}

type Reach = { webhook: Webhook; resources: string[]; whose: string }

function reachOf(webhook: Webhook, { fresh, spaces, people }: Places): Omit<Reach, 'webhook'> {
  const matched = listMatched(webhook)
  const selects = (place: Labels) => isSelected(webhook.namespaceSelector, place)
  if (selects(fresh)) return { resources: matched, whose: 'of spaces' }
  const some = spaces.filter(selects).length
  if (some > 0) return { resources: matched, whose: `of ${some} spaces of ${spaces.length}` }
  // In the people's namespace, Spaceport writes only ServiceAccounts.
  const resources = selects(people) ? matched.filter((resource) => resource === 'serviceaccounts') : []
  return { resources, whose: `in ${usersNamespace}` }
}

const distinct = (all: readonly string[]) => [...new Set(all)]

const describeReach = (reaches: readonly Reach[]): string =>
  `${distinct(reaches.flatMap(({ resources }) => resources)).join(', ')} ${distinct(reaches.map(({ whose }) => whose)).join(' and ')}`

const exceptions = (reaches: readonly Reach[]): string =>
  reaches.every(({ webhook }) => isNarrowed(webhook)) ? '; its objectSelector or matchConditions may exclude some' : ''

const receiversOf = (reaches: readonly Reach[]): string =>
  few(
    distinct(
      reaches.map(({ webhook: { clientConfig } }) => {
        const { service, url } = clientConfig
        if (service) return `the service ${plainName(service.namespace)}/${plainName(service.name)}`
        return URL.canParse(url ?? '') ? new URL(url ?? '').host : 'what it names'
      }),
    ),
  )

/** Helm records which release an object belongs to. */
function ownerOf(annotations: Readonly<Record<string, string>>): string {
  const release = annotations['meta.helm.sh/release-name']
  const namespace = annotations['meta.helm.sh/release-namespace']
  if (release === undefined || namespace === undefined) return ''
  return ` (Helm release ${plainName(namespace)}/${plainName(release)})`
}

/** @returns the name of an object, or that it isn't a valid one */
const plainName = (text: string): string => (/^[a-zA-Z0-9][-.:a-zA-Z0-9]{0,99}$/.test(text) ? text : '(an odd name)')
