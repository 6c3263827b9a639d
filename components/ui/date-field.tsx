'use client'

import { TextField } from './text-field.tsx'

type Props = {
  label: string
  name: string
  hint?: string
  optional?: boolean
  /** The first and the last day that may be chosen, and the one that is: `YYYY-MM-DD`. */
  min?: string
  max?: string
  defaultValue?: string
  className?: string
}

/** A day, by the browser's own calendar. The form gets `YYYY-MM-DD`; what ends on a day ends with it, in UTC. */
export const DateField = (props: Props) => <TextField type="date" {...props} />
