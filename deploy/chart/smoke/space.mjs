/**
 * The main job, as far as possible without a person: a space that an object declares. Must leave nothing behind: the
 * object is always deleted, and what it declares expires within an hour.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { ask, jsonOf } from './ask.mjs'
import { reasonOf } from './steps.mjs'

const version = 'spaceport.dev/v1alpha1'
const hourMs = 3_600_000
const pauseMs = 500

/** Asks the API server as the pod's own identity, which may handle Space objects in one namespace. */
function askServer({ server, caFile, tokenFile }, path, { method = 'GET', body } = {}) {
  const headers = {
    // Read each time, because the kubelet renews it.
    authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
  }
  const sent = body && JSON.stringify(body)
  return ask(`${server.replace(/\/+$/, '')}${path}`, { method, headers, caFile, ...(sent && { body: sent }) })
}

/**
 * @param settings the API server, the namespace, and the pod's identity
 * @param {AbortSignal} signal when to give up
 */
export function spaceJob(settings, signal) {
  const { namespace, patienceMs } = settings
  const name = `helm-test-${randomBytes(4).toString('hex')}`
  const objects = `/apis/${version}/namespaces/${namespace}/spaces`
  const object = `${objects}/${name}`
  const refused = (what, answer) => new Error(`${what} failed with ${answer.status}: ${jsonOf(answer).message}`)

  const isBusy = ({ status }) => status === 429 || status >= 500

  /** Describes whether the space is ready, from the object as it is now. Empty while the API server is busy. */
  function readyOf(answer) {
    if (isBusy(answer)) return undefined
    if (answer.status !== 200) throw refused('reading the Space', answer)
    const { metadata, status } = jsonOf(answer)
    const isReady = ({ type, observedGeneration }) => type === 'Ready' && observedGeneration === metadata.generation
    const condition = status?.conditions?.find(isReady)
    return condition && { ...condition, of: status }
  }

  /**
   * Polls until `resultOf` returns something.
   * @throws Error as soon as waiting is pointless: on a reason other than `underWay`, or at the time limit
   */
  async function until(resultOf, underWay) {
    const endsAt = Date.now() + patienceMs
    let last = 'no worker has processed it'
    for (;;) {
      const answer = await askServer(settings, object)
      const found = resultOf(answer)
      if (found !== undefined) return found
      const ready = readyOf(answer)
      if (ready) last = `${ready.reason}: ${ready.message}`
      if (ready && !underWay.includes(ready.reason)) throw new Error(last)
      if (signal.aborted) throw new Error('stopped')
      if (Date.now() > endsAt) throw new Error(`not within ${patienceMs / 1000} s (${last})`)
      await delay(pauseMs)
    }
  }

  return {
    name,
    async create() {
      const spec = {
        description: 'Created by helm test, which deletes it again.',
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
    /** @returns its namespace, owner and URL */
    untilReady() {
      const resultOf = (answer) => {
        const ready = readyOf(answer)
        if (ready?.status !== 'True') return undefined
        return `namespace ${ready.of.namespace}, owned by ${ready.of.owner}, ${ready.of.url}`
      }
      return until(resultOf, ['Creating'])
    },
    /** Retries while the API server is down or busy, also when it is time to stop. */
    async remove() {
      const endsAt = Date.now() + patienceMs
      for (;;) {
        const answer = await askServer(settings, object, { method: 'DELETE' }).catch((error) => {
          if (Date.now() > endsAt) throw error
        })
        if ([200, 202, 404].includes(answer?.status)) return
        if (answer && (!isBusy(answer) || Date.now() > endsAt)) throw refused('deleting the Space', answer)
        await delay(pauseMs)
      }
    },
    untilGone() {
      const resultOf = ({ status }) => (status === 404 ? 'with everything in it' : undefined)
      // It stays ready until a worker processes the deletion.
      return until(resultOf, ['Deleting', 'Ready', 'Creating']).catch((error) => {
        throw new Error(`${reasonOf(error)} (kubectl -n ${namespace} get space ${name} -o yaml)`)
      })
    },
  }
}
