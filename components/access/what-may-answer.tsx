import { GainedRightsTable } from '#components/requests/gained-rights-table.tsx'
import { riskLabels } from '#components/requests/risk-words.ts'
import { Alert } from '#components/ui/alert.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ReviewedRight, ReviewRisk, WhatMay } from '#lib/features/access/model/reviewed-rights.ts'

const labels: Readonly<Record<ReviewRisk, string>> = { ...riskLabels, escalate: 'Escalates rights' }

/** A person's permissions in a space according to the API server, with risks. */
export function WhatMayAnswer({ answer }: { answer: WhatMay }) {
  const { person, space, at, rights, risks, role, beyond, missing, incomplete, note } = answer
  const everywhere = rights.filter(({ names }) => names.length === 0)
  const limited = rights.filter(({ names }) => names.length > 0)
  return (
    <section aria-label={`What ${person.name} can do`} aria-live="polite" className="space-y-3 text-sm">
      <p>
        {rights.length === 0 ? (
          <>
            <strong>{person.name} can do nothing</strong> in <span className="font-mono">{space}</span>
          </>
        ) : (
          <>
            What <strong>{person.name}</strong> can do in <span className="font-mono">{space}</span>
          </>
        )}
        , according to the API server, asked <RelativeTime at={at} />.{' '}
        {role ? `Spaceport gives them ${role} there.` : 'Spaceport gives them no role there.'}
      </p>
      {risks.length > 0 && (
        <ul aria-label="Risks" className="flex flex-wrap gap-1.5">
          {risks.map((risk) => (
            <li key={risk}>
              <Badge tone="warn" icon="alert-triangle">
                {labels[risk]}
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {beyond.length > 0 && <Difference title="More than Spaceport gives" rights={beyond} />}
      {missing.length > 0 && <Difference title="Less than Spaceport gives" rights={missing} />}
      {incomplete && (
        <Alert kind="warn" title="The answer may be incomplete">
          <p className="wrap-anywhere">{note || 'The cluster has an authorizer that can’t list its rules.'}</p>
        </Alert>
      )}
      {everywhere.length > 0 && (
        <div className="overflow-x-auto rounded-lg border bg-surface">
          <GainedRightsTable caption="Rights in the space" gained={everywhere} />
        </div>
      )}
      {limited.length > 0 && <Limited rights={limited} />}
    </section>
  )
}

const Difference = ({ title, rights }: { title: string; rights: readonly string[] }) => (
  <Alert kind="warn" title={title}>
    <p className="wrap-anywhere font-mono text-xs">{rights.join(', ')}</p>
  </Alert>
)

const Limited = ({ rights }: { rights: readonly ReviewedRight[] }) => (
  <div>
    <h3>Only on objects with these names</h3>
    <ul className="mt-1 space-y-1">
      {rights.map(({ resource, verbs, names }) => (
        <li key={`${resource} ${names.join()}`} className="wrap-anywhere">
          <span className="font-mono text-xs">
            {verbs.join(', ')} {resource}
          </span>
          : {names.join(', ')}
        </li>
      ))}
    </ul>
  </div>
)
