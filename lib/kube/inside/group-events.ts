import type { EventGroup, SpaceEvent } from '#lib/kernel/model/spaces/space-inside.ts'

/**
 * Groups similar events of similar objects: ten unschedulable pods are one line.
 * @param events newest first
 * @returns warnings first, then by time, newest first; `count` is the total of a group
 */
export function groupEvents(events: readonly SpaceEvent[]): EventGroup[] {
  const groups = Map.groupBy(events, shapeOf)
  const lines = [...groups.values()].flatMap(([newest, ...more]) =>
    newest === undefined
      ? []
      : [
          {
            ...newest,
            count: more.reduce((sum, { count }) => sum + count, newest.count),
            objects: new Set([newest, ...more].map(({ object }) => object)).size,
          },
        ],
  )
  const rank = ({ type }: EventGroup) => (type === 'Warning' ? 0 : 1)
  // The sort is stable: within a type they stay newest first.
  return lines.sort((a, b) => rank(a) - rank(b))
}

const shapeOf = ({ type, reason, object, message }: SpaceEvent): string =>
  [type, reason, object.slice(0, object.indexOf('/')), shapeOfText(object), shapeOfText(message)].join('\n')

/** Generated names end in a hash of the characters that Kubernetes uses; the rest are numbers. */
const shapeOfText = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '#')
    .replace(/-[bcdfghjklmnpqrstvwxz2456789]{5,10}(?=[^a-z0-9]|$)/g, '-#')
    .replace(/\d+/g, '#')
    .replace(/(-#)+/g, '-#')
