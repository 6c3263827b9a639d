import { ask, jsonOf } from './ask.mjs'

/**
 * Asks the gateway at its Service by the name and with the CA in kubeconfigs.
 * @throws Error when its certificate isn't for that name, or an unknown credential isn't refused as Kubernetes refuses
 * it
 */
export async function refusesUnknownCredentials({ url, service, caFile, cluster }) {
  const version = `${url.replace(/\/+$/, '')}/clusters/${encodeURIComponent(cluster)}/version`
  const unknown = `spt_${'A'.repeat(43)}`
  for (const headers of [{}, { authorization: `Bearer ${unknown}` }]) {
    const answer = await ask(version, { at: service, headers, ...(caFile && { caFile }) })
    const { kind, code } = jsonOf(answer)
    if (answer.status !== 401 || kind !== 'Status' || code !== 401)
      throw new Error(`it answers ${answer.status} to an unknown credential, not 401 with a Status`)
  }
}
