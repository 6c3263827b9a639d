import type { KeyObject } from 'node:crypto'
import { type Checkpoint, isSignedBy, keyIdOf } from './checkpoint.ts'
import type { Finding } from './finding.ts'

/** Why a key is trusted: it was given to the verifier, or it is in the database, whose owner could have replaced it. */
export type TrustedKey = { key: KeyObject; source: 'given' | 'database' }

export type KeyUse = {
  keyId: string
  source: TrustedKey['source']
  first: Checkpoint
  last: Checkpoint
  checkpoints: number
}

export type TrustedCheckpoints = {
  /** Those with valid signatures, by block. */
  good: Checkpoint[]
  /** In order of first use. More than one: the key was changed. */
  keys: KeyUse[]
  /** The invalid checkpoints. */
  faults: Finding[]
}

/** @param keys given keys take precedence over the same keys from the database */
export function trustCheckpoints(checkpoints: readonly Checkpoint[], keys: readonly TrustedKey[]): TrustedCheckpoints {
  const byId = new Map<string, TrustedKey>()
  for (const key of keys) {
    const id = keyIdOf(key.key)
    if (byId.get(id)?.source !== 'given') byId.set(id, key)
  }
  const good: Checkpoint[] = []
  const faults: Finding[] = []
  const fault = ({ block }: Checkpoint, text: string) =>
    faults.push({ kind: 'checkpoint contradicted', text, row: null, block, after: null, before: null })
  const uses = new Map<string, KeyUse>()
  for (const checkpoint of [...checkpoints].sort((a, b) => a.block - b.block)) {
    const trusted = byId.get(checkpoint.keyId)
    const named = `the checkpoint of block ${checkpoint.block}, made ${checkpoint.at}`
    if (!trusted)
      fault(
        checkpoint,
        `${named}, is signed with the key ${checkpoint.keyId}, which is neither given nor in the database`,
      )
    else if (!isSignedBy(checkpoint, trusted.key))
      fault(
        checkpoint,
        `${named}, was not signed with the key ${checkpoint.keyId} that it names: it was changed or forged`,
      )
    else {
      good.push(checkpoint)
      const use = uses.get(checkpoint.keyId)
      const { keyId } = checkpoint
      if (use) Object.assign(use, { last: checkpoint, checkpoints: use.checkpoints + 1 })
      else uses.set(keyId, { keyId, source: trusted.source, first: checkpoint, last: checkpoint, checkpoints: 1 })
    }
  }
  return { good, keys: [...uses.values()], faults }
}
