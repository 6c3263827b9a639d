import type { ReactNode } from 'react'
import { kubectlDescribe } from '#components/spaces/kubectl-lines.ts'
import { SpaceColumns } from '#components/spaces/space-columns.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { BackLink } from '#components/ui/back-link.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { type Description, DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ConfigurationRef } from '#lib/features/spaces/model/configuration.ts'
import type { ConfiguredObject, UsingPods } from '#lib/features/spaces/model/configured-object.ts'
import type { SecretOutline } from '#lib/features/spaces/model/secret-value.ts'
import { ClaimStatus } from './claim-status.tsx'
import { ConfigMapValues } from './config-map-values.tsx'
import { Endpoints } from './endpoints.tsx'
import { IngressRules } from './ingress-rules.tsx'
import { UsedBy } from './used-by.tsx'

type Props = {
  of: ConfigurationRef
  object: ConfiguredObject | ({ kind: 'Secret' } & SecretOutline)
  address: SpaceAddress
  /** Null: pods don’t name this kind. */
  users: UsingPods | null
  /** The keys of a Secret. */
  keys?: ReactNode
}

/** One object of a space, as `kubectl describe` shows it. */
export function ObjectView({ of, object, address, users, keys }: Props) {
  return (
    <>
      <div>
        <BackLink href={spacePath(address, 'configuration')} label="Configuration" />
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0 space-y-1.5">
            <h2 tabIndex={-1} className="wrap-anywhere">
              {of.kind} <span className="font-mono">{of.name}</span>
            </h2>
            <p className="text-muted text-sm">
              Created <RelativeTime at={object.createdAt} />
              {'immutable' in object && object.immutable && ' · immutable'}
            </p>
          </div>
          <div className="min-w-0 max-w-full">
            <CodeBlock code={kubectlDescribe(of)} />
          </div>
        </div>
      </div>
      <SpaceColumns
        main={<Main object={object} address={address} keys={keys} />}
        aside={
          <>
            {factsOf(object).length > 0 && (
              <Section title="Details">
                <DescriptionList items={factsOf(object)} />
              </Section>
            )}
            {users && (
              <Section title="Used by">
                <UsedBy {...users} kind={of.kind} address={address} />
              </Section>
            )}
          </>
        }
      />
    </>
  )
}

function Main({ object, address, keys }: Pick<Props, 'object' | 'address' | 'keys'>) {
  switch (object.kind) {
    case 'Service':
      return <Endpoints service={object} address={address} />
    case 'Ingress':
      return <IngressRules ingress={object} address={address} />
    case 'ConfigMap':
      return <ConfigMapValues configMap={object} />
    case 'Secret':
      return keys
    case 'PersistentVolumeClaim':
      return (
        <Section title="Volume">
          <DescriptionList
            items={present([
              ['Status', <ClaimStatus key="status" status={object.status} />],
              ['Capacity', object.capacity],
              ['Requested', object.requested],
              ['Storage class', mono(object.storageClass)],
              ['Access modes', object.accessModes.join(', ')],
              ['Volume mode', object.volumeMode],
              ['Volume', mono(object.volume)],
            ])}
          />
        </Section>
      )
  }
}

function factsOf(object: Props['object']): Description[] {
  switch (object.kind) {
    case 'Service':
      return present([
        ['Type', object.type],
        ['Cluster IP', mono(object.clusterIp)],
        ['External name', mono(object.externalName)],
        ['Ports', lines(object.ports)],
        ['Selector', lines(Object.entries(object.selector).map(([name, value]) => `${name}=${value}`))],
      ])
    case 'Ingress':
      return present([
        ['Class', mono(object.className)],
        ['Address', lines(object.addresses)],
      ])
    case 'Secret':
      return [{ term: 'Type', detail: mono(object.type) }]
    default:
      return []
  }
}

const mono = (text: string): ReactNode => text && <span className="wrap-anywhere font-mono">{text}</span>

const lines = (texts: readonly string[]): ReactNode =>
  texts.length > 0 && (
    <ul className="space-y-1">
      {texts.map((text) => (
        <li key={text} className="wrap-anywhere font-mono">
          {text}
        </li>
      ))}
    </ul>
  )

/** @returns the facts that have a value */
const present = (facts: readonly (readonly [term: string, detail: ReactNode])[]): Description[] =>
  facts.flatMap(([term, detail]) => (detail ? [{ term, detail }] : []))
