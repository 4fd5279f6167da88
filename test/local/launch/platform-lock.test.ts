// Proves that the committed lock pins one CPU build for every platform that Setback runs on, and that nothing else is let in.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lockFor, platformPackage, readLock, sameVersions } from "../../../local/launch/platform-lock.ts";

const text = readFileSync(new URL("../../../local/package-lock.json", import.meta.url), "utf8");
const lock = readLock(text);

describe("the committed lock", () => {
  it.each(["linux x64", "linux arm64", "darwin x64", "darwin arm64", "win32 x64", "win32 arm64"])(
    "pins the binaries for %s with their hash",
    (platform) => {
      const [system = "", architecture = ""] = platform.split(" ");
      const binaries = platformPackage(system, architecture);
      const wanted = lockFor(lock, binaries);
      expect(wanted.rootDependencies).toHaveProperty([binaries]);
      const kept = Object.entries(wanted.lock.packages).filter(
        ([path, entry]) => path !== "" && entry.optional !== true,
      );
      const native = kept.map(([path]) => path).filter((path) => path.includes("@node-llama-cpp/"));
      expect(native).toEqual([`node_modules/${binaries}`]);
      expect(kept.every(([, entry]) => entry.integrity?.startsWith("sha512-") === true)).toBe(true);
    },
  );

  it("holds exact versions and no address of a registry", () => {
    const { dependencies } = readLock(text).packages[""] ?? {};
    expect(Object.values(dependencies ?? {}).every((version) => /^\d+\.\d+\.\d+$/.test(version))).toBe(true);
    expect(text).not.toContain('"resolved"');
  });
});

describe("platformPackage", () => {
  it("says where there is no prebuilt model", () => {
    expect(() => platformPackage("sunos", "x64")).toThrow("SETBACK_UPSTREAM_URL");
  });
});

describe("sameVersions", () => {
  const wanted = lockFor(lock, "@node-llama-cpp/linux-x64");

  it("holds for what was asked, and no longer once a hash or a package differs", () => {
    expect(sameVersions(wanted, wanted.lock)).toBe(true);
    const path = "node_modules/node-llama-cpp";
    const other = { ...wanted.lock, packages: { ...wanted.lock.packages, [path]: { integrity: "sha512-other" } } };
    expect(sameVersions(wanted, other)).toBe(false);
    const without = Object.fromEntries(Object.entries(wanted.lock.packages).filter(([other]) => other !== path));
    expect(sameVersions(wanted, { ...wanted.lock, packages: without })).toBe(false);
  });

  it("does not count what is left out", () => {
    const only = Object.fromEntries(
      Object.entries(wanted.lock.packages).filter(([, entry]) => entry.optional !== true),
    );
    expect(sameVersions(wanted, { ...wanted.lock, packages: only })).toBe(true);
  });
});
