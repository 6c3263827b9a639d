/**
 * `npm run fuzz [-- --seconds N] [--seed N]`: the differential fuzzer and the fuzzers of parsers and answers, for ten
 * minutes by default. Findings are kept in dev/fuzz/corpus.jsonl. The exit status says whether everything passed.
 */
import { parseArgs } from 'node:util'
import { runVisibly } from '#dev/test/run-visibly.ts'

const usage = 'Usage: npm run fuzz -- [--seconds N] [--seed N]'
const { seconds, seed } = readArguments()
const shareOfParsers = 0.2
const shareOfAnswers = 0.1

function readArguments(): { seconds: number; seed: number } {
  try {
    const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
    const read = { seconds: Number(values.seconds ?? 600), seed: Number(values.seed ?? Date.now() % 1_000_000_000) }
    if (read.seconds > 0 && Number.isInteger(read.seed)) return read
  } catch {
    // The usage message covers it.
  }
  console.error(usage)
  process.exit(2)
}

const run = (project: string, file: string, share: number) =>
  runVisibly('vitest', ['run', '--project', project, file], {
    env: { SPACEPORT_FUZZ_SECONDS: String(Math.ceil(seconds * share)), SPACEPORT_FUZZ_SEED: String(seed) },
    limitMs: (seconds + 300) * 1_000,
  })

console.log(`seed ${seed}, ${seconds} s`)
const runs = [
  await run('unit', 'dev/fuzz/parsers.test.ts', shareOfParsers),
  await run('unit', 'dev/fuzz/answers.test.ts', shareOfAnswers),
  await run('release', 'dev/fuzz/differential.release.itest.ts', 1 - shareOfParsers - shareOfAnswers),
]
process.exitCode = runs.every(({ status }) => status === 0) ? 0 : 1
