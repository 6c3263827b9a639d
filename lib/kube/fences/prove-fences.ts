import { z } from 'zod'
import type { FenceFault } from '#lib/features/clusters/model/fence-fault.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { ApiServerError, request } from '#lib/kube/client/request.ts'
import { type FenceProof, fenceProofs, type PluginProof, pluginProofs } from './fence-proofs.ts'

/**
 * Proves each rule of the admission policies by a dry run that only that rule refuses. Nothing less would do: a policy
 * without a binding, or a binding without a policy, silently allows everything.
 * @throws AppError fences_missing, with the missing rules in its detail; cluster_* when the cluster can't be asked
 */
export async function proveFences(cluster: Cluster): Promise<void> {
  const faults = await listFenceFaults(cluster)
  if (faults.length === 0) return
  const said = faults.map(({ policy, fault }) => `${policy}: ${fault}`)
  throw new AppError('fences_missing', { detail: `cluster ${cluster.name}: ${said.join('; ')}` })
}

type Proof = FenceProof | PluginProof

/** Concurrent dry runs: more would only open more connections. */
const atOnce = 6

/**
 * @param cluster as the broker
 * @param ofPeople with an identity that may impersonate people, if that isn't the broker
 * @returns the rules and plugins that did not refuse their requests
 * @throws AppError cluster_* when the cluster can't be asked
 */
export async function listFenceFaults(cluster: Cluster, ofPeople = cluster): Promise<FenceFault[]> {
  const proofs: readonly Proof[] = [...fenceProofs, ...pluginProofs]
  const waiting = [...proofs]
  const unenforced = new Set<Proof>()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let proof = waiting.shift(); proof; proof = waiting.shift())
        if (!(await isRefused(proof.asked.as ? ofPeople : cluster, proof))) unenforced.add(proof)
    }),
  )
  return proofs
    .filter((proof) => unenforced.has(proof))
    .map(({ policy, sentence }) => ({ policy, fault: `not enforced: ${sentence}` }))
}

async function isRefused(cluster: Cluster, proof: Proof): Promise<boolean> {
  try {
    await request(cluster, proof.asked, z.unknown())
    return false
  } catch (error) {
    if (!(error instanceof ApiServerError)) throw error
    // A failing server, or our expired credentials, prove nothing about the policies.
    if (error.httpStatus >= 500 || error.httpStatus === 429 || error.httpStatus === 401) throw error
    // A refusal for any other reason proves nothing.
    return refusalOf(proof).every((words) => error.statusMessage.includes(words))
  }
}

const refusalOf = (proof: Proof) =>
  'refusal' in proof ? [proof.refusal] : [`ValidatingAdmissionPolicy '${proof.policy}'`, proof.sentence]
