/** Where a server keeps what its clients log. */
export interface MlflowServerOptions {
  /** The file that every change is appended to. */
  journal: string
  /** The folder clients write artifacts to, absolute. Created on first use. */
  artifactRoot: string
  /** Folders below it that count as taken. */
  taken?: ReadonlySet<string>
  /** Default 0: any free port. */
  port?: number
}
