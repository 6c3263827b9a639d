import type { CloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import type { SinkFailure } from '#lib/features/audit/model/sink-failure.ts'

/** An event with its JSON, which is rendered only once. */
export type RenderedEvent = { event: CloudEvent; text: string }

export type SinkAnswer =
  | { taken: true }
  /** It may have none of them, or some: they are sent again. */
  | { taken: false; why: SinkFailure; retryAfterMs?: number | null }

/** An external receiver of the trail. */
export type TrailSink = {
  name: 'webhook' | 'syslog'
  /** Host and port, without secrets. */
  host: string
  /** How long to collect events when there are few, in milliseconds. */
  gatherMs: number
  /**
   * Sends events in order, and waits for a bounded time until the receiver confirms them.
   * @param id the same for the same events
   */
  send(batch: { id: string; events: readonly RenderedEvent[]; at: Date }, signal: AbortSignal): Promise<SinkAnswer>
  close(): void
}
