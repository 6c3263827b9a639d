/** What other folders may know of use cases; only the wrappers make them. */
export type { UseCase } from './define-use-case.ts'
