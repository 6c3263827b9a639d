import type { ReactNode } from 'react'

/** The end of a form: its button, Cancel if there is a page to return to, and a note. */
export const FormActions = ({ children, note }: { children: ReactNode; note?: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
    <div className="flex flex-wrap gap-2">{children}</div>
    {note && <p className="text-muted text-sm">{note}</p>}
  </div>
)
