import type { Finding } from './finding.ts'

const columns = ['row', 'what', 'ours', 'reference', 'figure', 'bar', 'holds?'] as const

const cells = ({ row, what, ours, reference, figure, bar, holds }: Finding): string[] => [
  row,
  what,
  ours,
  reference,
  figure,
  bar,
  holds === undefined ? '' : holds ? 'yes' : 'NO',
]

/** @returns the findings as aligned text */
export function renderTable(findings: readonly Finding[]): string {
  const lines = [[...columns], ...findings.map(cells)]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
