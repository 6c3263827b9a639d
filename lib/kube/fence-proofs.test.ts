import { expect, test } from 'vitest'
import { z } from 'zod'
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
