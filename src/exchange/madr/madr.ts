import { importDecisions } from './import.ts'

export const run = importDecisions('madr')
