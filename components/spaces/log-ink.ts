const sourceInks = ['text-source-1', 'text-source-2', 'text-source-3', 'text-source-4', 'text-source-5'] as const

/** @returns the class of the name of a log’s source, by its place among several: the first five differ */
export const sourceInk = (source: number): string => sourceInks[source % sourceInks.length] ?? sourceInks[0]

// Upper-case words, level fields of logfmt and JSON, and the headers of klog:
// https://kubernetes.io/docs/concepts/cluster-administration/system-logs/
const errors =
  /\b(?:ERROR|FATAL|PANIC|CRITICAL)\b|\b(?:level|severity)"?[=:]\s*"?(?:error|fatal|panic|critical)\b|^[EF]\d{4} /

/** @returns whether a line of a log reports an error, by the level that it states */
export const isErrorLine = (text: string): boolean => errors.test(text)
