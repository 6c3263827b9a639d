import { expect, test } from 'vitest'
import { z } from 'zod'
import { fenceProofRequests } from '#lib/features/cluster-audit/model/fence-proof-requests.ts'
import { fenceProofs, pluginProofs } from './fence-proofs.ts'
import { readShippedFences } from './shipped-fences.ts'

const validationsSchema = z.object({ validations: z.array(z.object({ message: z.string() })) })

test('every sentence of every fence has its proof, and every proof has its sentence', async () => {
  const policies = (await readShippedFences()).filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
  const said = policies.flatMap(({ metadata, spec }) =>
    validationsSchema.parse(spec).validations.map(({ message }) => `${metadata.name}: ${message}`),
  )
  expect(fenceProofs.map(({ policy, sentence }) => `${policy}: ${sentence}`).sort()).toEqual(said.sort())
})

test('no proof ever creates anything', () => {
  for (const { asked } of [...fenceProofs, ...pluginProofs]) expect(asked.query).toEqual({ dryRun: 'All' })
})

/** How the API server understands a path (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris). */
function asRequest({ asked }: Pick<(typeof fenceProofs)[number], 'asked'>) {
  const [, group = '', namespace = '', resource = 'namespaces', name = '', more] =
    /^\/(?:api|apis\/([^/]+))\/v1(?:\/namespaces(?:\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?)?)(.*)$/.exec(asked.path) ?? []
  expect(more).toBe('')
  return {
    ...{
      asNobody: asked.as !== undefined,
      verb: asked.method === 'POST' ? 'create' : 'patch',
      group,
      resource,
      namespace,
    },
    name: resource === 'namespaces' ? namespace : name,
  }
}

test('what a cluster’s audit may leave out as a proof is what proofs send, and nothing else', () => {
  const sent = [...fenceProofs, ...pluginProofs].map(asRequest).map((one) => JSON.stringify(one))
  expect(new Set(sent)).toEqual(
    new Set(
      fenceProofRequests.map(({ asNobody, verb, group, resource, namespace, name }) =>
        JSON.stringify({ asNobody, verb, group, resource, namespace, name }),
      ),
    ),
  )
  for (const { asked } of [...fenceProofs, ...pluginProofs]) expect(['POST', 'PATCH']).toContain(asked.method)
})
