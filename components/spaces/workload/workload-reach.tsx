import { CodeBlock } from '#components/ui/code-block.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { urlOf } from '#lib/features/spaces/model/exposure.ts'
import type { Exposure, WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { portForwardLine } from './port-forward-line.ts'

/** How a workload is reached: hosts, Services, and a port-forward. */
export function WorkloadReach({ of, exposure }: { of: WorkloadRef; exposure: Exposure }) {
  const { services, hosts } = exposure
  const forward = portForwardLine(of, exposure)
  if (services.length === 0 && forward === null)
    return <p className="text-muted text-sm">No Service selects its pods, and its containers name no ports.</p>
  return (
    <div className="space-y-4 text-sm">
      {hosts.length > 0 && (
        <ul className="space-y-1.5">
          {hosts.map((host) => (
            <li key={`${host.ingress} ${host.host} ${host.path}`} className="wrap-anywhere">
              <Address url={urlOf(host)} text={`${host.host || 'any host'}${host.path}`} />
              <span className="block text-muted text-xs">
                Ingress <span className="font-mono">{host.ingress}</span> to Service{' '}
                <span className="font-mono">{host.service}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {services.length > 0 && (
        <ul className="space-y-1.5">
          {services.map(({ name, type, ports }) => (
            <li key={name} className="wrap-anywhere">
              <span className="font-mono">{name}</span>
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
