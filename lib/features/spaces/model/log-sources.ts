import { z } from 'zod'
import { type LogSource, maxLogSources } from './log-stream.ts'

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
const namePattern = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

/** Log sources in a URL. */
export const logSources = z.string().transform((text, ctx): LogSource[] => {
  const parts = text.split(',')
  if (parts.length > maxLogSources)
    ctx.addIssue({ code: 'custom', message: `At most ${maxLogSources} containers at once.` })
  return parts.slice(0, maxLogSources).map((part) => {
    const [pod = '', container = '', more] = part.split('/')
    if (more !== undefined || !namePattern.test(pod) || !namePattern.test(container))
      ctx.addIssue({ code: 'custom', message: 'Write containers as pod/container, separated by commas.' })
    return { pod, container }
  })
})
