/**
 * Answers a read of objects that declare spaces. The gateway lists them with its own rights and renders the person's
 * part. Must never pass on a body or refusal of the API server, nor let another person's object look different from a
 * missing one.
 */
import type { z } from 'zod'
import { type AdmittedRequest, admitAgain } from '#lib/gateway/admit.ts'
import type { ClientResponse } from '#lib/gateway/connection/client-response.ts'
import { forbidden } from '#lib/gateway/decision/forbidden.ts'
import type { Gateway } from '#lib/gateway/gateway.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { answerEncoding } from '#lib/gateway/request/answer-encoding.ts'
import { parseLabelSelector } from '#lib/gateway/target/parse-label-selector.ts'
import { parseQuery } from '#lib/gateway/target/parse-query.ts'
import type { ResourceTarget } from '#lib/gateway/target/parse-target.ts'
import { describeFault, refuseAnswer } from '#lib/gateway/upstream/upstream-faults.ts'
import { spaceObjectVersion } from '#lib/kernel/model/spaces/space-object.ts'
import {
  findReadableObjects,
  noSpaceObject,
  type Place,
  placesOf,
  type ReadableObjects,
  reachOf,
} from './readable-objects.ts'
import {
  objectListSchema,
  objectTableSchema,
  type ReachOf,
  renderObjectList,
  renderObjects,
  renderObjectTable,
} from './render-space-objects.ts'

const maxMs = 30_000
const maxBytes = 8 * 1024 * 1024
/** More than Spaceport follows in one namespace. */
const maxItems = 500
const tableType = 'application/json;as=Table;v=v1;g=meta.k8s.io'

/**
 * @returns the status code
 * @throws GatewayRefusal
 */
export async function answerSpaceObjects(
  gateway: Gateway,
  admitted: AdmittedRequest,
  response: ClientResponse,
): Promise<number> {
  const { target, headers } = admitted
  if (target.kind !== 'resource') throw new Error('a path outside of resources has no objects')
  const accept = headers.forward.find((_, at, all) => at % 2 === 1 && all[at - 1] === 'Accept')
  const isTable = accept !== undefined && /;\s*as=Table\s*(?=[;,]|$)/i.test(accept)
  const type = isTable ? 'application/json' : answerEncoding(accept)
  const asked = parseSelectors(target)

  // Questions about rights leave the version open, requests don't.
  if (target.version !== spaceObjectVersion.split('/')[1]) throw refuse(gateway, admitted, target)
  const readable = await readableNow(gateway, admitted)
  const places = placesOf(readable, asked)
  if (places === null) throw refuse(gateway, admitted, target)
  const ask = <T>(schema: z.ZodType<T>, accepted: string) =>
    Promise.all(places.map((place) => listObjects(admitted, place, asked.labelSelector, accepted, schema)))
  const answers = isTable
    ? { tables: (await ask(objectTableSchema, tableType)).flat() }
    : { lists: (await ask(objectListSchema, 'application/json')).flat() }

  // Access that ended while the cluster answered is not shown.
  const still = await readableNow(gateway, await admitAgain(gateway, admitted, false))
  const reach: ReachOf = (metadata) => reachOf(still, metadata)
  const body = renderAnswer(gateway, admitted, target, answers, reach)
  const written = Buffer.from(`${JSON.stringify(body)}\n`)
  response.writeHead(200, {
    'Content-Type': type === 'application/yaml' ? type : 'application/json',
    'Content-Length': written.length,
    'Cache-Control': 'no-cache, private',
    'X-Request-Id': admitted.exchange.id,
  })
  response.end(written)
  return 200
}

type Answers = { tables: z.infer<typeof objectTableSchema>[] } | { lists: z.infer<typeof objectListSchema>[] }

function renderAnswer(
  gateway: Gateway,
  admitted: AdmittedRequest,
  target: ResourceTarget,
  answers: Answers,
  reach: ReachOf,
) {
  if ('tables' in answers) {
    const table = renderObjectTable(answers.tables, reach)
    if (target.verb === 'get' && table.rows.length === 0) throw refuse(gateway, admitted, target)
    return table
  }
  const items = renderObjects(answers.lists, reach)
  if (target.verb !== 'get') return renderObjectList(items)
  if (items[0] === undefined) throw refuse(gateway, admitted, target)
  return items[0]
}

const refuse = ({ portalUrl }: Gateway, { access }: AdmittedRequest, target: ResourceTarget) =>
  forbidden(target, access, 'no_access', noSpaceObject(portalUrl))

function readableNow(gateway: Gateway, { access, target, decision }: AdmittedRequest): Promise<ReadableObjects> {
  if (decision.as !== 'itself') throw new Error('the gateway doesn’t answer this itself')
  return findReadableObjects(gateway, access, target.cluster, decision)
}

type Selectors = Place & { labelSelector: string }

/** @throws GatewayRefusal bad_path for a selector that can't be applied */
function parseSelectors({ namespace, name, query }: ResourceTarget): Selectors {
  const asked = parseQuery(query)
  const labelSelector = parseLabelSelector(asked.get('labelSelector') ?? '').join(',')
  const fieldSelector = asked.get('fieldSelector') ?? ''
  if (fieldSelector === '') return { namespace, name, labelSelector }
  const selected = /^metadata\.name==?([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$/.exec(fieldSelector)?.[1]
  if (selected === undefined || name !== '' || namespace === '')
    throw new GatewayRefusal(
      'bad_path',
      400,
      'of Space objects, the only field selector is metadata.name=NAME, in a namespace',
    )
  return { namespace, name: selected, labelSelector }
}

/** @returns the answer; none if the cluster lacks the definition */
async function listObjects<T>(
  { exchange, headers: { userAgent }, upstream }: AdmittedRequest,
  { namespace, name }: Place,
  labelSelector: string,
  accept: string,
  schema: z.ZodType<T>,
): Promise<T[]> {
  const query = new URLSearchParams({ limit: String(maxItems) })
  if (name !== '') query.set('fieldSelector', `metadata.name=${name}`)
  if (labelSelector !== '') query.set('labelSelector', labelSelector)
  const request = {
    method: 'GET',
    path: `${upstream.basePath}/apis/${spaceObjectVersion}/namespaces/${encodeURIComponent(namespace)}/spaces?${query}`,
    fields: [
      ...['Accept', accept, 'Audit-ID', exchange.id],
      ...(userAgent === undefined ? [] : ['User-Agent', userAgent]),
      ...upstream.credential(),
    ],
    body: null,
  }
  const { status, body } = await upstream.requests
    .ask(request, { withinMs: maxMs, maxBytes })
    .catch((error: unknown) => {
      throw describeFault(upstream.name, error, false)
    })
  const refusal = refuseAnswer({ upstream }, status)
  if (refusal) throw refusal
  if (status === 404) return []
  if (status === 429)
    throw new GatewayRefusal('too_busy', 429, `cluster ${upstream.name} is busy; retry shortly`, {
      retryAfterSeconds: 1,
    })
  const unusable = (cause: unknown) =>
    new GatewayRefusal(
      'cluster_answer',
      502,
      `cluster ${upstream.name} gave no usable answer; if this persists, ask a platform admin to reapply its manifests`,
      undefined,
      cause,
    )
  if (status !== 200) throw unusable(new Error(`status ${status}: ${body.toString('utf8').slice(0, 500)}`))
  try {
    return [schema.parse(JSON.parse(body.toString('utf8')))]
  } catch (error) {
    throw unusable(error)
  }
}
