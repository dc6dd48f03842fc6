/** Finds packages for other platforms that a lock file lacks. */

// npm leaves out an optional package for another platform when the registry in use does not offer it, and `npm ci` then
// refuses the lock file that npm itself wrote. The entries are added here: version from the package that asks for them,
// platform from their names, and no digest, which only a registry that has the package could give.

/** A package in package-lock.json, as far as it is read here. */
export interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** path in the lock file -> the entry that is missing there. @throws Error for a missing package that is for every platform */
export function findMissing(packages: Readonly<Record<string, Entry>>): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(path === "" ? {} : optionalDependencies)) {
      if (isLocked(packages, path, name)) continue;
      found.set(`node_modules/${name}`, {
        version,
        ...(dev === true ? { dev } : {}),
        optional: true,
        ...platformOf(name),
      });
    }
  }
  return found;
}

/** Whether a package at `path` finds `name` the way Node looks: in its own folder, then in each one above. */
function isLocked(packages: Readonly<Record<string, Entry>>, path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (`${at === "" ? "" : `${at}/`}node_modules/${name}` in packages) return true;
    if (at === "") return false;
  }
}

/** "@oxc-parser/binding-linux-riscv64-musl" -> os linux, cpu riscv64. @throws Error for a name without a platform. */
function platformOf(name: string): { os: string[]; cpu: string[] } {
  const match = /(android|darwin|freebsd|linux|openharmony|win32)-(x64|arm64|arm|ia32|ppc64|riscv64|s390x)/.exec(name);
  if (match === null) throw new Error(`${name} is no package for one platform: the registry in use does not offer it`);
  return { os: [match[1]!], cpu: [match[2]!] };
}
