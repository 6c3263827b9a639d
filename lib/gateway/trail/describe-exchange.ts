import { type RequestState, senderOf, spokenVerb } from '#lib/gateway/exchange.ts'
import { isDryRun } from '#lib/gateway/request/is-dry-run.ts'
import type { ResourceTarget } from '#lib/gateway/target/parse-target.ts'
import type { Observer } from '#lib/kernel/model/audit/observer.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'

const maxArguments = 32
const maxArgumentLength = 200

export type DescribeOptions = {
  observer: Observer
  /** Milliseconds since the epoch. */
  clock: () => number
  /** They may hold secrets. */
  keepCommands: boolean
}

/** @returns the trail's row for a request, as far as it is known */
export function describeExchange(
  known: RequestState,
  { observer, clock, keepCommands }: DescribeOptions,
): AuditEventInput {
  const { exchange, headers, access, target, decision } = known
  const verb = spokenVerb(target)
  const resource = target?.kind === 'resource' ? target : undefined
  const space =
    decision?.as === 'person'
      ? decision.space
      : resource && access?.spaces.get(resource.cluster)?.get(resource.namespace)
  return {
    action: `kubectl.${verb}`,
    at: new Date(clock()),
    actor: senderOf(known),
    target: resource
      ? {
          kind: `${resource.resource}${resource.subresource && `/${resource.subresource}`}${resource.group && `.${resource.group}`}`,
          name: resource.name || known.createdName,
        }
      : { kind: 'path', name: target?.path ?? exchange.url.split('?', 1)[0] },
    spaceId: space?.spaceId,
    namespace: resource?.namespace || undefined,
    observer,
    sourceAddress: exchange.source,
    userAgent: headers?.userAgent,
    destination: target ? clusterDestination(target.cluster) : 'gateway',
    requestId: exchange.id,
    detail: {
      ...(resource && { verb: resource.verb }),
      ...(access && { credential: access.credential.id }),
      ...(access?.credential.ofSession && { browser: true }),
      ...((known.dryRun ?? (target && isDryRun(target, undefined))) && { dryRun: true }),
      ...(resource && describeContainer(resource, keepCommands)),
    },
  }
}

/** PodExecOptions, PodAttachOptions. */
function describeContainer({ resource, subresource, query }: ResourceTarget, keepCommands: boolean) {
  if (resource !== 'pods' || (subresource !== 'exec' && subresource !== 'attach')) return {}
  const parameters = new URLSearchParams(query)
  const container = parameters.get('container')
  const command = parameters.getAll('command')
  return {
    ...(container && { container }),
    ...(parameters.has('stdin') && { stdin: parameters.get('stdin') }),
    ...(subresource === 'exec' && {
      ...(keepCommands && { command: command.slice(0, maxArguments).map((word) => word.slice(0, maxArgumentLength)) }),
      ...(command.length > maxArguments && { commandLength: command.length }),
    }),
  }
}
