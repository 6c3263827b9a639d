import { personPath } from '#components/people/people-list-data.ts'
import { PersonLink } from '#components/people/person-link.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { WhoMay, WhoMayAnswer } from '#lib/features/access/model/who-may.ts'

/** The API server's answer for each candidate. */
export function WhoMayAnswers({ answer: { right, at, answers, leftOut }, space }: { answer: WhoMay; space: string }) {
  const allowed = answers.filter((one) => one.allowed)
  const others = answers.filter((one) => !one.allowed)
  const surprising = others.filter(({ differs }) => differs)
  return (
    <section aria-label={`Who can ${right}`} aria-live="polite" className="space-y-3">
      <p className="text-sm">
        <strong>
          {allowed.length} of {answers.length}
        </strong>{' '}
        asked can <span className="font-mono">{right}</span> in <span className="font-mono">{space}</span>, according to
        the API server, asked <RelativeTime at={at} />.
        {leftOut > 0 && ` ${leftOut} more were not checked or got no answer in time.`}
      </p>
      {allowed.length > 0 && <Answers caption={`Who can ${right}`} answers={allowed} />}
      {surprising.length > 0 && <Answers caption="Who cannot, although they should" answers={surprising} />}
      {others.length > surprising.length && (
        <details className="text-sm">
          <summary>{others.length - surprising.length} cannot, as expected</summary>
          <ul className="mt-2 space-y-1">
            {others
              .filter(({ differs }) => !differs)
              .map((one) => (
                <li key={keyOf(one)}>
                  <Who answer={one} />
                </li>
              ))}
          </ul>
        </details>
      )}
    </section>
  )
}

const keyOf = ({ subject }: WhoMayAnswer) => `${subject.kind} ${subject.namespace} ${subject.name}`

const Answers = ({ caption, answers }: { caption: string; answers: readonly WhoMayAnswer[] }) => (
  <DataTable
    caption={caption}
    rows={answers}
    rowKey={keyOf}
    columns={[
      {
        key: 'who',
        header: 'Who, and the API server’s reason',
        primary: true,
        cell: (answer) => (
          <>
            <Who answer={answer} />
            {answer.reason !== '' && (
              <span className="wrap-anywhere mt-1 block max-w-prose font-normal text-muted text-xs">
                {answer.reason}
              </span>
            )}
          </>
        ),
      },
      {
        key: 'answer',
        header: 'Answer',
        cell: ({ allowed, differs, isShipped }) => (
          <>
            <Badge tone={allowed ? 'accent' : 'neutral'} icon={allowed ? 'check' : 'x'}>
              {allowed ? 'Can' : 'Cannot'}
            </Badge>
            {isShipped && (
              <span className="mt-1 block">
                <Badge>Spaceport itself</Badge>
              </span>
            )}
            {differs && (
              <span className="mt-1 block">
                <Badge tone="warn" icon="alert-triangle">
                  {allowed ? 'Not given by Spaceport' : 'Given by Spaceport'}
                </Badge>
              </span>
            )}
          </>
        ),
      },
    ]}
  />
)

function Who({ answer: { subject, person } }: { answer: WhoMayAnswer }) {
  if (person) return <PersonLink href={personPath(person.handle, 'access')} person={person} />
  const { kind, namespace, name } = subject
  return (
    <>
      <span className="wrap-anywhere font-mono">{namespace === undefined ? name : `${namespace}/${name}`}</span>
      <span className="block font-normal text-muted text-xs">{kind}</span>
    </>
  )
}
