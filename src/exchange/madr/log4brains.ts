import { importDecisions } from './import.ts'

export const run = importDecisions('log4brains')
