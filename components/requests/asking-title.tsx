import Link from 'next/link'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import type { RequestDetail } from '#lib/kernel/model/requests/request-view.ts'
import { askingSentence } from './asking-sentence.ts'

/** @param opens the space to link to, if the viewer can open it */
type Props = { request: RequestDetail; opens: SpaceAddress | null }

/** A request as a sentence, which links to its space. */
export const AskingTitle = ({ request, opens }: Props) =>
  askingSentence(request).map(({ text, is }) =>
    is === 'space' && opens ? (
      <Link key={text} href={spacePath(opens)} prefetch={false} className="text-link font-mono">
        {text}
      </Link>
    ) : (
      <span key={text} className={is === 'space' ? 'font-mono' : undefined}>
        {text}
      </span>
    ),
  )
