// Port: starts the building of a release, outside the request that asked for it.

export interface ReleaseBuilds {
  start(projectId: string, releaseId: string): Promise<void>;
}
