/** Whether a flag's value names a file, by what the usage calls it. */
export const isFile = (value: string | undefined) => /path|file|folder|identity/.test(value ?? '')
