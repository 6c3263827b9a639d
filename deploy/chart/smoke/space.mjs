/**
 * The main job, as far as it goes without a person: a space that an object declares. Must leave nothing behind: the object
 * is deleted whatever happens, and what it declares ends within an hour by itself.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { ask, jsonOf } from './ask.mjs'

const version = 'spaceport.dev/v1alpha1'
const hourMs = 3_600_000
const pauseMs = 500
/** Reasons of a space that isn't ready, but is under way. */
const underWay = ['Creating']

/** Asks the API server as the pod's own identity, which may handle Space objects in one namespace. */
function askServer({ server, caFile, tokenFile }, path, { method = 'GET', body } = {}) {
  const headers = {
    // Read each time: the kubelet renews it.
    authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
  }
  const sent = body && JSON.stringify(body)
  return ask(`${server.replace(/\/+$/, '')}${path}`, { method, headers, caFile, ...(sent && { body: sent }) })
}

/**
 * @param settings where, and as whom
 * @param {AbortSignal} signal when to give up
 */
export function spaceJob(settings, signal) {
  const { namespace, patienceMs } = settings
  const name = `helm-test-${randomBytes(4).toString('hex')}`
  const objects = `/apis/${version}/namespaces/${namespace}/spaces`
  const object = `${objects}/${name}`
  const refused = (what, answer) => new Error(`${what} is answered with ${answer.status}: ${jsonOf(answer).message}`)

  /** Asks until `judge` returns something. */
  async function until(judge, late) {
    const endsAt = Date.now() + patienceMs
    for (;;) {
      const found = judge(await askServer(settings, object))
      if (found !== undefined) return found
      if (signal.aborted) throw new Error('stopped')
      if (Date.now() > endsAt) throw new Error(late())
      await delay(pauseMs)
    }
  }

  return {
    name,
    async create() {
      const spec = {
        description: 'Made by helm test, which deletes it again.',
        size: 'S',
        expiresAt: `${new Date(Date.now() + hourMs).toISOString().slice(0, 19)}Z`,
        members: [],
        deletionPolicy: 'Delete',
      }
      const body = { apiVersion: version, kind: 'Space', metadata: { name, namespace }, spec }
      const answer = await askServer(settings, objects, { method: 'POST', body })
      if (answer.status !== 201) throw refused('creating a Space', answer)
      return `${namespace}/${name}`
    },
    /** @returns where it is; @throws Error as soon as it is clear that it won't be ready by itself */
    untilReady() {
      let last = 'nobody has followed it'
      const judge = (answer) => {
        if (answer.status !== 200) throw refused('reading the Space', answer)
        const { metadata, status } = jsonOf(answer)
        const current = (status?.conditions ?? []).filter((one) => one.observedGeneration === metadata.generation)
        const ready = current.find(({ type }) => type === 'Ready')
        if (!ready) return undefined
        last = `${ready.reason}: ${ready.message}`
        if (ready.status === 'True') return `namespace ${status.namespace}, owned by ${status.owner}, ${status.url}`
        if (!underWay.includes(ready.reason)) throw new Error(last)
        return undefined
      }
      return until(judge, () => `not within ${patienceMs / 1000} s (${last})`)
    },
    async remove() {
      const answer = await askServer(settings, object, { method: 'DELETE' })
      if (![200, 202, 404].includes(answer.status)) throw refused('deleting the Space', answer)
    },
    untilGone() {
      const gone = ({ status }) => (status === 404 ? 'with everything in it' : undefined)
      return until(
        gone,
        () => `not within ${patienceMs / 1000} s; see kubectl -n ${namespace} get space ${name} -o yaml`,
      )
    },
  }
}
