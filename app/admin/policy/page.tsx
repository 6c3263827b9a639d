import type { Metadata } from 'next'
import { z } from 'zod'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { PolicyForm } from '#components/policy/policy-form.tsx'
import { PolicyHistory } from '#components/policy/policy-history.tsx'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { policyInWords } from '#lib/features/policy/model/policy-difference.ts'
import type { PolicyDetail } from '#lib/features/policy/model/policy-view.ts'
import { readPolicy, versionNumber } from '#lib/features/policy/use-cases/read-policy.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import { decidePermission, type PlatformPermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { policyAction } from './actions.ts'

export const metadata: Metadata = { title: 'Policy' }

const versionParam = z.coerce.number().pipe(versionNumber)

type Props = { searchParams: Promise<SearchParams> }

/** What people can have without approval, and for how long. Platform admins change it, auditors read it. */
export default async function PolicyPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  const may = (permission: PlatformPermission) =>
    decidePermission(permission, { platformRole, standing: null }) === 'allowed'
  if (!may('read-policy')) return <NotForYou page="Policy" isEligible={ctx.actor.isEligible} />

  const version = validParam(params, 'version', versionParam)
  const before = validParam(params, 'before', versionParam)
  const policy = await readPolicy(ctx, { version, before })
  const { number, rules, issuer, older, unstaffed, pushedUnlisted, versions, next } = policy
  const shown = older?.rules ?? rules
  const foreign = shown.exemptGroups.filter((group) => group.issuer !== issuer)
  return (
    <div className="space-y-8">
      <PageHeader title="Policy" description={<Source policy={policy} />} />
      {older && may('change-policy') && (
        <Alert
          kind="info"
          title={`The form shows version ${older.number}`}
          action={
            <LinkButton size="sm" href="/admin/policy">
              Show the current version
            </LinkButton>
          }
        >
          <p>Save it with a reason to restore it as a new version.</p>
        </Alert>
      )}
      {foreign.length > 0 && (
        <Alert kind="warn" title="Groups of another identity provider">
          <p className="wrap-anywhere">
            {foreign.map(({ group, issuer: from }) => `${group} (of ${from})`).join(', ')}: these groups no longer
            exempt anyone who signs in, and the next version drops them.
          </p>
        </Alert>
      )}
      {unstaffed.length > 0 && (
        <Alert kind="warn" title="No one in the group can decide">
          <p className="wrap-anywhere">
            {unstaffed.map(({ group, issuer: from }) => groupLabel(group, from === issuer ? null : from)).join(', ')}:
            no member has signed in at this provider with an active account. Until one does, platform admins decide.
          </p>
        </Alert>
      )}
      {pushedUnlisted.length > 0 && (
        <Alert kind="warn" title="Pushed members don’t count for the policy">
          <p className="wrap-anywhere">
            {pushedUnlisted
              .map(({ group, issuer: from }) => groupLabel(group, from === issuer ? null : from))
              .join(', ')}
            : provisioning pushes this group, but SPACEPORT_PUSHED_PRIVILEGED_GROUPS doesn’t list it. Only members from
            sign-ins can decide on requests or are exempt.
          </p>
        </Alert>
      )}
      {may('change-policy') ? (
        <PolicyForm
          key={older?.number ?? 'current'}
          base={number}
          current={rules}
          rules={shown}
          issuer={issuer}
          defaultCluster={ctx.clusters.defaultName}
          action={policyAction}
        />
      ) : (
        <Section title="Rules">
          <DescriptionList
            items={policyInWords(rules, issuer).map(({ rule, value }) => ({ term: rule, detail: value }))}
          />
        </Section>
      )}
      {versions.length > 0 && (
        <Section title="History" content="bare">
          <PolicyHistory versions={versions} current={number} mayRestore={may('change-policy')} />
          <Pagination
            previous={before === undefined ? null : '/admin/policy'}
            previousLabel="Newest"
            next={next === null ? null : `/admin/policy?before=${next}`}
            nextLabel="Older"
          />
        </Section>
      )}
    </div>
  )
}

function Source({ policy: { number, versions } }: { policy: PolicyDetail }) {
  if (number === 0) return 'Defaults from the configuration; saving overrides them.'
  const newest = versions.find((one) => one.number === number)
  return (
    <>
      Version {number} is in force
      {newest && (
        <>
          , saved by {newest.author.name} <RelativeTime at={newest.at} />
        </>
      )}
      .
    </>
  )
}
