import { objectPath } from '#components/spaces/object-path.ts'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { Section } from '#components/ui/section.tsx'
import { urlOf } from '#lib/features/spaces/model/exposure.ts'
import type { Exposure, WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { portForwardLine } from './port-forward-line.ts'

/** How a workload is reached: hosts, Services, and a port-forward. */
export function WorkloadReach({
  of,
  exposure,
  address,
}: {
  of: WorkloadRef
  exposure: Exposure
  address: SpaceAddress
}) {
  const { services, hosts } = exposure
  const forward = portForwardLine(of, exposure)
  if (services.length === 0 && forward === null)
    return (
      <Section title="Reach it" content="bare">
        <p className="text-muted text-sm">No Service selects its pods, and its containers name no ports.</p>
      </Section>
    )
  return (
    <Section title="Reach it">
      <div className="space-y-4 text-sm">
        {hosts.length > 0 && (
          <ul className="space-y-1.5">
            {hosts.map((host) => (
              <li key={`${host.ingress} ${host.host} ${host.path}`} className="wrap-anywhere">
                <Address url={urlOf(host)} text={`${host.host || 'any host'}${host.path}`} />
                <span className="block text-muted text-xs">
                  Ingress{' '}
                  <NameLink href={objectPath(address, { kind: 'Ingress', name: host.ingress })} className="font-mono">
                    {host.ingress}
                  </NameLink>{' '}
                  to Service <span className="font-mono">{host.service}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
        {services.length > 0 && (
          <ul className="space-y-1.5">
            {services.map(({ name, type, ports }) => (
              <li key={name} className="wrap-anywhere">
                <NameLink href={objectPath(address, { kind: 'Service', name })} className="font-mono">
                  {name}
                </NameLink>
                <span className="block text-muted text-xs">
                  Service, {type}
                  {ports.length > 0 && `, ${ports.map(({ port, protocol }) => `${port}/${protocol}`).join(', ')}`}
                </span>
              </li>
            ))}
          </ul>
        )}
        {forward && (
          <div className="space-y-1.5">
            <p className="text-muted">From your own machine, at {forward.url}:</p>
            <CodeBlock wraps code={forward.line} />
          </div>
        )}
      </div>
    </Section>
  )
}

const Address = ({ url, text }: { url: string | null; text: string }) =>
  url === null ? (
    <span className="font-mono">{text}</span>
  ) : (
    <a href={url} target="_blank" rel="noreferrer" className="text-link font-mono">
      {url}
      <Icon name="external" className="ml-1 inline size-3.5 align-[-2px]" />
      <span className="sr-only">(opens a new tab)</span>
    </a>
  )
