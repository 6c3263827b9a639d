/**
 * The rows of the trail that a request waits for. The intent is durable before anything goes upstream, the outcome
 * before the answer ends.
 */
import { randomUUID } from 'node:crypto'
import type { ClusterRefusal } from '#lib/features/audit/model/cluster-refusal.ts'
import type { RequestState } from '#lib/gateway/exchange.ts'
import { trailUnavailable } from '#lib/gateway/refusal.ts'
import type { AuditReason } from '#lib/kernel/model/audit/audit-reason.ts'
import type { AuditOutcome } from '#lib/kernel/trail/audit-event.ts'
import type { AuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import { type DescribeOptions, describeExchange } from './describe-exchange.ts'

export type Outcome = {
  outcome: AuditOutcome
  code: number
  reason?: AuditReason | undefined
  refusal?: ClusterRefusal | undefined
}

/** The duration of an upgraded stream in seconds, and its bytes each way. */
export type StreamEnd = { seconds: number; bytesToPod: number; bytesFromPod: number }

export type OutcomeWriter = {
  /**
   * Resolves to the intent's ID once it is durable.
   * @throws GatewayRefusal trail_unavailable
   */
  intent(known: RequestState): Promise<string>
  /** Resolves once the outcome is durable, or after a limited wait. */
  outcome(known: RequestState, intentId: string, outcome: Outcome): Promise<void>
  /** Records the end of a stream with an intent. Nothing waits for it. */
  streamEnded(known: RequestState, intentId: string, end: StreamEnd): void
}

/** @returns the outcome of a change, from the status of the API server's answer and the reason for a refusal */
export function outcomeOf(code: number, refusal?: ClusterRefusal): Outcome {
  if (code < 400) return { outcome: 'ok', code }
  return { outcome: code === 401 || code === 403 ? 'refused' : 'failed', code, reason: `cluster_${code}`, refusal }
}

export function createOutcomeWriter(writer: AuditWriter, options: DescribeOptions): OutcomeWriter {
  return {
    async intent(known) {
      const id = randomUUID()
      try {
        await writer.append({ ...describeExchange(known, options), id, clusterAuditId: known.exchange.id })
        return id
      } catch (cause) {
        throw trailUnavailable(cause)
      }
    },
    async outcome(known, intentId, { outcome, code, reason, refusal }) {
      const described = describeExchange(known, options)
      await writer.writeOutcome({
        ...described,
        intentId,
        outcome,
        reason,
        clusterAuditId: known.exchange.id,
        detail: { ...described.detail, code, ...(refusal && { refusal }) },
      })
    },
    streamEnded(known, intentId, end) {
      const described = describeExchange(known, options)
      const detail = { ...described.detail, intent: intentId, stream: described.action, ...end }
      void writer.writeOutcome({
        ...described,
        action: 'kubectl.stream-end',
        outcome: 'ok',
        clusterAuditId: known.exchange.id,
        detail,
      })
    },
  }
}
