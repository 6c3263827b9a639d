'use client'

import { useEffect, useRef } from 'react'
import { useBeforeSubmit } from './before-submit.ts'

type Values = Readonly<Record<string, string>>

const plain = (text: string) => text.replaceAll('\r\n', '\n')

/**
 * Leaves out of what the form around it sends each field that is as it was shown: whoever else changed it since is not
 * overruled by somebody who did not touch it.
 * @param shown by the fields' names; what comes later is not what one sees
 * @param saved counts the form's successes, for one that stays after them
 */
export function OnlyChanged({ shown, saved = 0 }: { shown: Values; saved?: number }) {
  const known = useRef(shown)
  const sent = useRef<Values>({})
  useBeforeSubmit((form) => {
    for (const [name, value] of Object.entries(known.current)) {
      const given = form.get(name)
      if (typeof given !== 'string') continue
      sent.current = { ...sent.current, [name]: given }
      if (plain(given) === plain(value)) form.delete(name)
    }
    return true
  })
  useEffect(() => {
    if (saved > 0) known.current = { ...known.current, ...sent.current }
  }, [saved])
  return null
}
