import type { RequestRow } from '#lib/kernel/model/requests/request-view.ts'
import { requestParts } from './request-sentence.ts'

/** A request in a list, as a sentence with its space’s name in monospace. */
export const RequestSummary = ({ request }: { request: Pick<RequestRow, 'payload' | 'space'> }) =>
  requestParts(request).map(({ text, is }) =>
    is === 'space' ? (
      <span key={text} className="font-mono">
        {text}
      </span>
    ) : (
      text
    ),
  )
