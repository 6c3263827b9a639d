/** What other folders can import; only the wrappers make use cases. */
export type { UseCase } from './define-use-case.ts'
