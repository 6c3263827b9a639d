import { expect, test } from 'vitest'
import { z } from 'zod'
import { fenceProofRequests } from '#lib/features/cluster-audit/model/fence-proof-requests.ts'
import { fenceProofs, pluginProofs } from './fence-proofs.ts'
import { readShippedFences } from './shipped-fences.ts'

const validationsSchema = z.object({ validations: z.array(z.object({ message: z.string() })) })

test('every rule of every admission policy has a proof, and every proof has a rule', async () => {
  const policies = (await readShippedFences()).filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
  const said = policies.flatMap(({ metadata, spec }) =>
    validationsSchema.parse(spec).validations.map(({ message }) => `${metadata.name}: ${message}`),
  )
  expect(fenceProofs.map(({ policy, sentence }) => `${policy}: ${sentence}`).sort()).toEqual(said.sort())
})

test('no proof ever creates anything', () => {
  for (const { asked } of [...fenceProofs, ...pluginProofs]) expect(asked.query).toEqual({ dryRun: 'All' })
})

/** Reads a path as the API server does (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris). */
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

test('cluster audit may leave out exactly the requests of proofs', () => {
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
