import Link from 'next/link'
import { endInWords } from '#components/spaces/problem-words.ts'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import type { EndedRun } from '#lib/features/spaces/model/ended-run.ts'

type Props = { address: SpaceAddress; ended: EndedRun; previous: boolean }

/** Which run of a crashed container is shown, and a link to the other. */
export function EndedRunNote({ address, ended: { pod, container, problem, ...ended }, previous }: Props) {
  const says = endInWords(problem)
  if (previous) return <Alert className="mt-4">{`This is the previous run: ${says}`}</Alert>
  if (!ended.previous) return <Alert className="mt-4">{says}</Alert>
  const href = spacePath(address, 'logs', { of: `Pod/${pod}`, container, previous: 'true' })
  return (
    <Alert className="mt-4">
      {says} Its log until then is in{' '}
      <Link href={href} replace prefetch={false} className="text-link">
        the previous run
      </Link>
      .
    </Alert>
  )
}
