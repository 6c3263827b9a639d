const sourceInks = ['text-source-1', 'text-source-2', 'text-source-3', 'text-source-4', 'text-source-5'] as const

/** @returns the class of a pod's name among several, the same for the same name */
export function sourceInk(name: string): string {
  const sum = [...name].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)
  return sourceInks[sum % sourceInks.length] ?? sourceInks[0]
}

// Upper-case words, level fields of logfmt and JSON, and the headers of klog:
// https://kubernetes.io/docs/concepts/cluster-administration/system-logs/
const errors =
  /\b(?:ERROR|FATAL|PANIC|CRITICAL)\b|\b(?:level|severity)"?[=:]\s*"?(?:error|fatal|panic|critical)\b|^[EF]\d{4} /

/** @returns whether a line of a log reports an error, by the level that it states */
export const isErrorLine = (text: string): boolean => errors.test(text)
