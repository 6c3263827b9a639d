import type { Metadata } from 'next'
import Link from 'next/link'
import { z } from 'zod'
import { requestRoleAction } from '#app/requests/actions.ts'
import { type SearchParams, textParam, validParam } from '#app/search-params.ts'
import { askReasons, askWhys } from '#components/requests/request-again.ts'
import { RequestRoleForm } from '#components/requests/request-role-form.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { roles } from '#lib/kernel/model/access/role.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

export const metadata: Metadata = { title: 'Request access' }

/** Limits how much of a mistyped URL is shown. */
const maxShown = 63

type Props = { searchParams: Promise<SearchParams> }

/** Requests a role. Valid `?space=`, `?role=`, `?cluster=` and `?why=` prefill the form. */
export default async function NewRequestPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { names, defaultName } = ctx.clusters
  const { deciders } = ctx.policy.roleRequests
  const role = validParam(params, 'role', z.enum(roles)) ?? 'viewer'
  const why = validParam(params, 'why', z.enum(askWhys))
  const requested = textParam(params, 'cluster')
  const cluster = names.find((name) => name === requested) ?? defaultName
  return (
    <>
      <PageHeader
        title="Request access"
        description="Ask for a role in someone else’s space."
        back={<BackLink href="/requests" label="Requests" />}
      />
      <div className="@container">
        <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="space-y-4">
            {requested && requested !== cluster && (
              <Alert kind="warn" title={`There’s no cluster ${requested.slice(0, maxShown)}`}>
                <p>{names.length > 1 ? 'Choose the cluster of the space.' : `Spaces are on ${cluster}.`}</p>
              </Alert>
            )}
            <Section>
              <RequestRoleForm
                action={requestRoleAction}
                space={textParam(params, 'space') ?? ''}
                role={role}
                reason={why ? askReasons[why] : ''}
                clusters={names}
                cluster={cluster}
              />
            </Section>
          </div>
          <div className="space-y-4">
            <Alert title="Who sees your request">
              <p>
                {deciders.who === 'owner' && 'The space’s owner and platform admins.'}
                {deciders.who === 'admins' && 'Platform admins.'}
                {deciders.who === 'group' && `The group ${deciders.group}, which decides, and platform admins.`} If no
                space has that name, you get the same response and no one sees the request.
              </p>
            </Alert>
            <p className="px-1 text-muted text-sm">
              Need another space or a larger one? Use{' '}
              <Link href="/spaces/new" className="text-link">
                New space
              </Link>{' '}
              or the space’s settings. Anything beyond your limits becomes a request.
            </p>
          </div>
        </div>
      </div>
    </>
  )
}
