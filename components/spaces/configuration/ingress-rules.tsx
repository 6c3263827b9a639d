import { objectPath } from '#components/spaces/object-path.ts'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { Section } from '#components/ui/section.tsx'
import type { IngressDetail, IngressRule } from '#lib/features/spaces/model/configured-object.ts'

/** The hosts and paths of an Ingress with their backends, and the Secrets of its certificates. */
export function IngressRules({ ingress: { rules, tls }, address }: { ingress: IngressDetail; address: SpaceAddress }) {
  const columns: readonly Column<IngressRule>[] = [
    {
      key: 'host',
      header: 'Host',
      primary: true,
      cell: ({ host }) => <span className="wrap-anywhere font-mono">{host || 'any host'}</span>,
    },
    {
      key: 'path',
      header: 'Path',
      wraps: 'name',
      cell: ({ path, pathType }) => (
        <>
          <span className="font-mono">{path}</span> <span className="text-muted text-xs">{pathType}</span>
        </>
      ),
    },
    {
      key: 'backend',
      header: 'Backend',
      wraps: 'name',
      cell: ({ backend: { service, text } }) =>
        service === null ? (
          <span className="font-mono">{text}</span>
        ) : (
          <NameLink href={objectPath(address, { kind: 'Service', name: service })} className="font-mono">
            {text}
          </NameLink>
        ),
    },
    { key: 'tls', header: 'TLS', cell: ({ tls }) => (tls ? 'Yes' : 'No') },
  ]
  return (
    <div className="space-y-8">
      <Section title="Rules" content="bare">
        {rules.length > 0 ? (
          <DataTable
            caption="Rules"
            narrow
            columns={columns}
            rows={rules}
            rowKey={({ host, path, pathType, backend }) => `${host} ${path} ${pathType} ${backend.text}`}
          />
        ) : (
          <EmptyState icon="space" title="No rules" heading="h3">
            The Ingress has neither paths nor a default backend, so it routes nothing.
          </EmptyState>
        )}
      </Section>
      {tls.length > 0 && (
        <Section title="TLS" content="bare">
          <DataTable
            caption="TLS"
            narrow
            columns={[
              {
                key: 'hosts',
                header: 'Hosts',
                primary: true,
                cell: ({ hosts }) => <span className="wrap-anywhere font-mono">{hosts.join(', ') || 'any host'}</span>,
              },
              {
                key: 'secret',
                header: 'Secret',
                wraps: 'name',
                cell: ({ secret }) =>
                  secret === '' ? (
                    <NoValue />
                  ) : (
                    <NameLink href={objectPath(address, { kind: 'Secret', name: secret })} className="font-mono">
                      {secret}
                    </NameLink>
                  ),
              },
            ]}
            rows={tls}
            rowKey={({ hosts, secret }) => `${secret} ${hosts.join(' ')}`}
          />
        </Section>
      )}
    </div>
  )
}
