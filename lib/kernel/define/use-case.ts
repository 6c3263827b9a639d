export type { UseCase } from './define-use-case.ts'
