import type { SpaceEvent } from './space-inside.ts'

/**
 * Reasons that Kubernetes reports as normal though something stays undone: no volume fits a claim
 * (https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/persistentvolume/pv_controller.go).
 */
const warningReasons = new Set(['FailedBinding'])

/** @returns whether an event is a warning */
export const eventType = ({ type, reason }: { type: string; reason: string }): SpaceEvent['type'] =>
  type === 'Warning' || warningReasons.has(reason) ? 'Warning' : 'Normal'
