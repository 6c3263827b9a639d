import type { ReactNode } from 'react'

/** The end of a form on a page: its button, then Cancel where there is somewhere to go back to, then a note. */
export const FormActions = ({ children, note }: { children: ReactNode; note?: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
    <div className="flex flex-wrap gap-2">{children}</div>
    {note && <p className="text-muted text-sm">{note}</p>}
  </div>
)
