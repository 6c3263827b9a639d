import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { StateLabel } from '#components/spaces/state-label.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { NoValue } from '#components/ui/no-value.tsx'
import { Section } from '#components/ui/section.tsx'
import type { Endpoint, ServiceDetail } from '#lib/features/spaces/model/configured-object.ts'

const maxShown = 100

/** The addresses that a Service sends traffic to, those that aren’t ready first. */
export function Endpoints({ service, address }: { service: ServiceDetail; address: SpaceAddress }) {
  const { endpoints, selector, externalName } = service
  const ready = endpoints.filter((one) => one.ready).length
  const columns: readonly Column<Endpoint>[] = [
    {
      key: 'address',
      header: 'Address',
      primary: true,
      cell: (one) => <span className="wrap-anywhere font-mono">{one.address}</span>,
    },
    {
      key: 'status',
      header: 'Status',
      card: 'corner',
      cell: (one) =>
        one.ready ? <StateLabel state="ready">Ready</StateLabel> : <StateLabel state="starting">Not ready</StateLabel>,
    },
    {
      key: 'pod',
      header: 'Pod',
      wraps: 'name',
      cell: ({ pod }) =>
        pod === null ? (
          <NoValue />
        ) : (
          <NameLink href={spacePath(address, 'workload', { of: `Pod/${pod}` })} className="font-mono">
            {pod}
          </NameLink>
        ),
    },
  ]
  return (
    <Section
      title={
        <>
          Endpoints
          {endpoints.length > 0 && (
            <span className="font-normal text-muted">{` ${ready} of ${endpoints.length} ready`}</span>
          )}
        </>
      }
      content="bare"
    >
      {endpoints.length > 0 ? (
        <>
          <DataTable
            caption="Endpoints"
            narrow
            columns={columns}
            rows={endpoints.slice(0, maxShown)}
            rowKey={(one) => one.address}
          />
          {endpoints.length > maxShown && (
            <p className="mt-3 text-muted text-sm">{`${maxShown} of ${endpoints.length} endpoints are shown.`}</p>
          )}
        </>
      ) : (
        <EmptyState icon="space" title="No endpoints" heading="h3">
          {externalName
            ? 'The Service is an alias for its external name.'
            : Object.keys(selector).length > 0
              ? 'No running pod has the labels of its selector, so it sends traffic nowhere.'
              : 'The Service has no selector, so its EndpointSlices are written by someone else.'}
        </EmptyState>
      )}
    </Section>
  )
}
